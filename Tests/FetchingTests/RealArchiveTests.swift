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
      id: "cb",
      splits: [(250, "72968cd346f7fad8"), (28, "7f6913c9d2de8ee9"), (28, "00e4d97e05683163")]),
  ]

  @Test("a public archive becomes the examples the paper's code makes of it", arguments: cases)
  func examples(_ expected: Case) throws {
    let folder = try TemporaryFolder()
    let fetcher = Fetcher(
      cache: folder.url, mirror: .directory(try #require(SharedMirror.folder)), offline: true)
    let dataset = try DatasetCatalogue.standard.dataset(expected.id)
    #expect(try fetcher.fetch(dataset).outcome == .fetched)
    let prepared = try dataset.load(from: folder.url)
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
