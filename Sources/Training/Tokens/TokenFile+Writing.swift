import Backbones
import Datasets
import Foundation
import Synchronization
import Tokenization

extension TokenFile {
  /// Examples that a thread tokenises at a time.
  private static let piece = 1024

  /// Tokenises examples on several threads, and puts the file in place as a whole.
  ///
  /// - Throws: what the file system says.
  static func write(
    _ examples: Examples, as text: BackboneText, to file: URL, threads: Int
  ) throws {
    let folder = file.deletingLastPathComponent()
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let temporary = folder.appending(path: ".\(UUID().uuidString)")
    do {
      try Data().write(to: temporary)
      let output = try FileHandle(forWritingTo: temporary)
      defer { try? output.close() }
      let width = text.tokenizer.vocabularySize <= Int(UInt16.max) + 1 ? 2 : 4
      var header = Data(magic)
      for number in [examples.count, width] {
        withUnsafeBytes(of: UInt64(number).littleEndian) { header.append(contentsOf: $0) }
      }
      try output.write(contentsOf: header)
      var ends: [UInt64] = []
      ends.reserveCapacity(2 * examples.count)
      let step = piece * max(1, threads)
      for first in stride(from: 0, to: examples.count, by: step) {
        for part in parts(examples, first..<min(first + step, examples.count), text, width) {
          let before = ends.last ?? 0
          ends += part.ends.map { before + $0 }
          try output.write(contentsOf: part.bytes)
        }
      }
      try ends.withUnsafeBytes { try output.write(contentsOf: Data($0)) }
      guard rename(temporary.path, file.path) == 0 else {
        throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
      }
    } catch {
      try? FileManager.default.removeItem(at: temporary)
      throw error
    }
  }

  /// The ids of some examples, as the file has them, and where each list ends.
  private struct Part: Sendable {
    var bytes: [UInt8] = []
    var ends: [UInt64] = []
    private var count: UInt64 = 0

    mutating func append(_ ids: [Int], width: Int) {
      for id in ids {
        let id = UInt32(id).littleEndian
        withUnsafeBytes(of: id) { bytes.append(contentsOf: $0.prefix(width)) }
      }
      count += UInt64(ids.count)
      ends.append(count)
    }
  }

  private static func parts(
    _ examples: Examples, _ range: Range<Int>, _ text: BackboneText, _ width: Int
  ) -> [Part] {
    let starts = Array(stride(from: range.lowerBound, to: range.upperBound, by: piece))
    let parts = Mutex([Part](repeating: Part(), count: starts.count))
    DispatchQueue.concurrentPerform(iterations: starts.count) { index in
      var part = Part()
      for place in starts[index]..<min(starts[index] + piece, range.upperBound) {
        let example = examples[place]
        part.append(text.sourceIDs(example.source), width: width)
        part.append(text.targetIDs(example.target), width: width)
      }
      parts.withLock { [part] in $0[index] = part }
    }
    return parts.withLock { $0 }
  }
}
