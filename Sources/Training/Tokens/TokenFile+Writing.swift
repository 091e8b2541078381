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
      var body = Body(output: output)
      var header = Data(magic)
      for number in [examples.count, width, 0] { header.append(UInt64(number)) }
      try output.write(contentsOf: header)
      var ends: [UInt64] = []
      ends.reserveCapacity(2 * examples.count)
      let step = piece * max(1, threads)
      for first in stride(from: 0, to: examples.count, by: step) {
        for part in parts(examples, first..<min(first + step, examples.count), text, width) {
          let before = ends.last ?? 0
          ends += part.ends.map { before + $0 }
          try body.write(part.bytes)
        }
      }
      try body.fill()
      for first in stride(from: 0, to: ends.count, by: 1 << 16) {
        var table = Data()
        for end in ends[first..<min(first + (1 << 16), ends.count)] { table.append(end) }
        try body.write(table)
      }
      var checksum = Data()
      checksum.append(body.checksum.value)
      try output.seek(toOffset: UInt64(headerBytes - 8))
      try output.write(contentsOf: checksum)
      // A name for bytes that a power cut takes would be a name for nothing.
      try output.synchronize()
      guard rename(temporary.path, file.path) == 0 else {
        throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
      }
    } catch {
      try? FileManager.default.removeItem(at: temporary)
      throw error
    }
  }

  /// What follows the header, summed as it is written, 8 bytes at a time.
  private struct Body {
    let output: FileHandle
    private(set) var checksum = Checksum()
    private var rest = Data()

    init(output: FileHandle) { self.output = output }

    mutating func write(_ bytes: some Sequence<UInt8>) throws {
      rest.append(contentsOf: bytes)
      let whole = rest.prefix(rest.count / 8 * 8)
      whole.withUnsafeBytes { checksum.add($0) }
      try output.write(contentsOf: whole)
      rest = Data(rest.dropFirst(whole.count))
    }

    /// Writes zeros up to a multiple of 8 bytes.
    mutating func fill() throws {
      if !rest.isEmpty { try write([UInt8](repeating: 0, count: 8 - rest.count)) }
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

extension Data {
  fileprivate mutating func append(_ number: UInt64) {
    Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
  }
}
