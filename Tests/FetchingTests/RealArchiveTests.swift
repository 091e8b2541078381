import Crypto
import Datasets
import DeptTesting
import Foundation
import Testing

@testable import Fetching

/// The public archives, where they are at hand, give the examples that Python makes of them.
@Suite(.enabled(if: SharedMirror.folder != nil, "needs the shared mirror of public archives"))
struct RealArchiveTests {
  struct Case: Sendable {
    var id: DatasetID
    var form = DataForm.corrected
    /// Sizes and the first 16 digits of the SHA-256 of "source TAB target LF" lines, by split.
    var splits: [(count: Int, digest: String)]
  }

  static let cases = [
    Case(
      id: "sst2",
      splits: [
        (66349, "f2e362d66eb25176"), (1000, "b4e9c7c36d88510e"), (872, "cb768fc37471d8d4"),
      ]),
    Case(
      id: "rte",
      splits: [
        (2490, "674bc21ceb39a8e8"), (138, "721c9bcd166ef7ce"), (139, "8b1473bdb4a9974d"),
      ]),
    Case(
      id: "cola",
      splits: [
        (8551, "ba88feb7384e19d6"), (521, "def66779720e4766"), (522, "e29354a3b60e7d1a"),
      ]),
    Case(
      id: "mrpc",
      splits: [
        (3668, "c06afcb0c1b7105c"), (204, "586fdb091f224a3d"), (204, "20f45d2ad4899571"),
      ]),
    Case(
      id: "stsb", form: .asPublished,
      splits: [
        (5749, "a028627ed681460e"), (750, "49c14a2157654f9f"), (750, "9947e049d5066ed4"),
      ]),
    Case(
      id: "stsb",
      splits: [
        (5749, "ad383bc48b89044b"), (750, "0ceac0b41a98ddff"), (750, "c091c13bfd36acec"),
      ]),
    Case(
      id: "cb",
      splits: [(250, "72968cd346f7fad8"), (28, "7f6913c9d2de8ee9"), (28, "00e4d97e05683163")]),
  ]

  /// The sizes that the paper's code gives, train, validation, test.
  static let sizes: [(id: DatasetID, sizes: [Int])] = [
    ("sst2", [66349, 1000, 872]), ("stsb", [5749, 750, 750]), ("mrpc", [3668, 204, 204]),
    ("rte", [2490, 138, 139]), ("cola", [8551, 521, 522]), ("cb", [250, 28, 28]),
    ("multirc", [27243, 2424, 2424]), ("wic", [5428, 319, 319]), ("wsc", [554, 52, 52]),
    ("wsc.fixed", [554, 52, 52]),
  ]

  @Test(
    "the splits of whole data sets have the sizes of the paper's",
    arguments: sizes.filter { expected in
      DatasetCatalogue.standard.datasets.contains { $0.id == expected.id }
    })
  func splitSizes(_ id: DatasetID, _ sizes: [Int]) throws {
    let folder = try TemporaryFolder()
    let fetcher = Fetcher(
      cache: folder.url, mirror: .directory(try #require(SharedMirror.folder)), offline: true)
    let dataset = try DatasetCatalogue.standard.dataset(id)
    #expect(try fetcher.fetch(dataset).outcome == .fetched)
    let prepared = try dataset.load(from: folder.url)
    #expect(Split.allCases.map { prepared[$0].count } == sizes)
  }

  @Test("a public archive becomes the examples the paper's code makes of it", arguments: cases)
  func examples(_ expected: Case) throws {
    let folder = try TemporaryFolder()
    let fetcher = Fetcher(
      cache: folder.url, mirror: .directory(try #require(SharedMirror.folder)), offline: true)
    let dataset = try DatasetCatalogue.standard.dataset(expected.id)
    #expect(try fetcher.fetch(dataset).outcome == .fetched)
    let prepared = try dataset.load(
      from: folder.url, as: Preparation(form: expected.form))
    for (split, expected) in zip(Split.allCases, expected.splits) {
      #expect(prepared[split].count == expected.count)
      var hash = SHA256()
      for example in prepared[split] {
        hash.update(data: Data("\(example.source)\t\(example.target)\n".utf8))
      }
      let digest = hash.finalize().map { String(format: "%02x", $0) }.joined()
      #expect(digest.prefix(16) == expected.digest, "\(split)")
    }
  }
}
