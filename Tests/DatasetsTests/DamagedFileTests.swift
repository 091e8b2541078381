import DeptTesting
import Foundation
import Testing

@testable import Datasets

/// Files with bytes changed, lost or added: never a crash, and every fault has a line of the file.
@Suite struct DamagedFileTests {
  private static let samples = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Samples")

  static let names: [DatasetID] = [
    .cb, .boolq, .multirc, .wic, .wsc, .wscFixed, .copa, .record, .squad, .nq, .hotpotqa, .searchqa,
    .newsqa, .vqa, .coco,
  ]

  @Test("damaged files of every data set", arguments: names)
  func damaged(_ name: DatasetID) throws {
    let dataset = try DatasetCatalogue.standard.dataset(name)
    var draws = SeededDraws(state: 42)
    let folder = try TemporaryFolder()
    let original = Self.samples.appending(path: "\(dataset.id)")
    let home = folder.url.appending(path: "\(dataset.id)")
    try FileManager.default.copyItem(at: original, to: home)
    let files = try dataset.files(in: folder.url)
    #expect(throws: Never.self) { try dataset.load(from: folder.url) }
    var faults = 0
    for file in files {
      let whole = try Data(contentsOf: file)
      for _ in 0..<40 {
        try damage(whole, with: &draws).write(to: file)
        do throws(DatasetError) {
          _ = try dataset.load(from: folder.url)
        } catch {
          faults += 1
          check(error)
        }
      }
      try whole.write(to: file)
    }
    #expect(faults > 0)
  }

  private func damage(_ whole: Data, with draws: inout SeededDraws) -> Data {
    var bytes = [UInt8](whole)
    let place = Int.random(in: bytes.indices, using: &draws)
    switch Int.random(in: 0..<5, using: &draws) {
    case 0: bytes[place] = UInt8.random(in: 0...255, using: &draws)
    case 1: bytes.removeLast(bytes.count - place)
    case 2: bytes.insert(contentsOf: "\"[]{},:\\0\n".utf8.shuffled(using: &draws), at: place)
    case 3: bytes.remove(at: place)
    default:
      for _ in 0..<8 {
        bytes[Int.random(in: bytes.indices, using: &draws)] ^=
          1 << UInt8.random(in: 0..<8, using: &draws)
      }
    }
    return Data(bytes)
  }

  private func check(_ error: DatasetError) {
    switch error {
    case .malformed(let path, let line, let column, _, let problem):
      guard let bytes = try? [UInt8](Data(contentsOf: URL(filePath: path))) else {
        Issue.record("\(path) does not exist")
        return
      }
      let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
      #expect(line >= 1 && line <= max(1, lines.count), "\(error)")
      if let column, line <= lines.count {
        #expect(column >= 1 && column <= lines[line - 1].count + 1, "\(error)")
      }
      #expect(!problem.isEmpty)
    case .empty, .tooFew: break
    default: Issue.record("\(error)")
    }
  }
}

/// SplitMix64: the same draws in every run.
struct SeededDraws: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }
}
