import DeptTesting
import Foundation
import Testing

@testable import Datasets

/// Damaged files give examples or an error that names one of their lines, and never a crash.
@Suite struct ReaderFuzzTests {
  /// A file's bytes with one to three of them changed, put in or taken out, or without its end.
  private func damaged(_ bytes: [UInt8], _ draws: inout MersenneTwister) -> [UInt8] {
    var bytes = bytes
    // What formats are made of is where they break.
    let special = Array("\"\\\t\r\n,{}[]:\0".utf8) + [0x80, 0xC3, 0xEF, 0xFF]
    for _ in 0...Int(draws.next() % 3) where !bytes.isEmpty {
      let place = Int(draws.next()) % bytes.count
      switch draws.next() % 6 {
      case 0: bytes[place] ^= 1 << UInt8(draws.next() % 8)
      case 1: bytes[place] = special[Int(draws.next()) % special.count]
      case 2: bytes.insert(special[Int(draws.next()) % special.count], at: place)
      case 3: bytes.remove(at: place)
      case 4: bytes.removeSubrange(place..<min(bytes.count, place + Int(draws.next() % 40)))
      default: bytes.removeSubrange(place...)
      }
    }
    return bytes
  }

  /// Damages a file many times over and reads it each time.
  private func fuzz(
    _ file: URL, times: Int, seed: UInt32, _ read: () throws(DatasetError) -> Void
  ) throws {
    let whole = [UInt8](try Data(contentsOf: file))
    var draws = MersenneTwister(seed: seed)
    var refused = 0
    for time in 0..<times {
      let bytes = damaged(whole, &draws)
      try Data(bytes).write(to: file)
      do throws(DatasetError) {
        try read()
      } catch {
        refused += 1
        if case .missingColumn(file.path, _, _) = error { continue }
        guard case .malformed(let path, let line, let column, _, let problem) = error else {
          Issue.record("\(file.path), time \(time): \(error)")
          continue
        }
        let lines = bytes.count { $0 == 0x0A } + 1
        let columns =
          bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
          .map { $0.count + 1 }.max() ?? 1
        #expect(
          path != file.path || (1...lines).contains(line), "line \(line) of \(lines), time \(time)")
        #expect((1...columns).contains(column ?? 1), "column \(column ?? 1), time \(time)")
        #expect(!problem.isEmpty)
      }
    }
    // Files whose damage goes unnoticed would make this a test of nothing.
    #expect(refused > 0, "\(file.lastPathComponent)")
    try Data(whole).write(to: file)
  }

  @Test("each downloaded data set's reader", arguments: SampleFiles.datasets.map(\.id))
  func published(_ id: DatasetID) throws {
    let dataset = try #require(SampleFiles.datasets.first { $0.id == id })
    let folder = try TemporaryFolder()
    let copy = folder.url.appending(path: "\(id)")
    try FileManager.default.copyItem(
      at: SampleFiles.folder.appending(path: "\(id)"), to: copy)
    for (part, path) in SampleFiles.parts(of: dataset) {
      let file = copy.appending(path: path)
      for form in DataForm.allCases {
        try fuzz(file, times: 16, seed: UInt32(path.utf8.count)) { () throws(DatasetError) in
          try dataset.read(file, of: part, as: form) { _ in }
        }
      }
    }
  }

  static let files = [
    ("a.jsonl", OwnTableTests.files[2].1), ("a.csv", OwnTableTests.files[0].1),
    ("a.tsv", OwnTableTests.files[1].1),
  ]

  @Test("own data in each format", arguments: files)
  func own(_ name: String, _ text: String) throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(text, to: name)
    let preparation = Preparation(template: "{id} {source}", targetColumn: "target")
    for preparation in [Preparation.standard, preparation] {
      try fuzz(file, times: 100, seed: 11) { () throws(DatasetError) in
        _ = try OwnDataset.examples(in: file, as: preparation)
      }
    }
  }

  @Test("the readers themselves, and lines in pieces of any size")
  func readers() throws {
    let folder = try TemporaryFolder()
    let text = "\u{FEFF}a\tb,c\r\n1\t\"x, \"\"y\"\"\"\r\n{\"é\": [1, 2]}\n"
    let file = try folder.write(text, to: "a.txt")
    try fuzz(file, times: 100, seed: 1) { () throws(DatasetError) in
      try TSVFile(file, irregular: .skipped).rows(["a"]) { _ in }
    }
    try fuzz(file, times: 100, seed: 2) { () throws(DatasetError) in
      try CSVFile(file, columns: ["a", "b"]).rows(["a"]) { _ in }
    }
    try fuzz(file, times: 100, seed: 3) { () throws(DatasetError) in
      try JSONLinesFile(file).records([String: [Int]].self) { _, _ in }
    }
    for piece in [1, 2, 7] {
      try fuzz(file, times: 60, seed: 4) { () throws(DatasetError) in
        var whole: [[UInt8]] = []
        var pieces: [[UInt8]] = []
        try TextLines(file).forEach { (_, line) in whole.append(Array(line)) }
        try TextLines(file, piece: piece).forEach { (_, line) in pieces.append(Array(line)) }
        #expect(whole == pieces)
      }
    }
  }
}
