import Datasets
import Foundation
import Testing

@Suite struct LengthDatasetTests {
  private func lengths(_ id: DatasetID) throws -> [Int] {
    let dataset = try DatasetCatalogue.standard.dataset(id)
    // A word is a token, and there is the end.
    return try dataset.load(from: URL(filePath: "."))[.train].map {
      $0.source.split(separator: " ").count + 1
    }
  }

  @Test("every source has the length of the name", arguments: [1, 2, 17, 256, 1000])
  func fixed(length: Int) throws {
    let found = try lengths(.length(length))
    #expect(found == Array(repeating: length, count: LengthDataset.count))
    #expect(try DatasetCatalogue.standard.dataset(.length(length)).sourceLength >= length)
  }

  @Test("sources like those of SST-2 have its mean and its span, in every round anew")
  func sst2() throws {
    let found = try lengths(.lengths(of: .sst2))
    let mean = Double(found.reduce(0, +)) / Double(found.count)
    #expect(abs(mean - 16.8) < 0.3)
    for start in stride(from: 0, to: found.count, by: LengthDataset.round) {
      #expect(
        found[start..<start + LengthDataset.round].sorted()
          == LengthHistogram.sst2.quantiles(LengthDataset.round))
    }
    #expect(Set(found.prefix(8)).count > 3, "a batch is as mixed as the data")
  }

  @Test("the histogram of SST-2 is that of its training split")
  func histogram() {
    let sst2 = LengthHistogram.sst2
    let total = sst2.counts.reduce(0, +)
    #expect(total == 66_349)
    let sum = sst2.counts.enumerated().reduce(0) { $0 + (sst2.shortest + $1.offset) * $1.element }
    #expect(abs(Double(sum) / Double(total) - 16.789) < 0.001)
    #expect(sst2.longest == 85)
  }

  @Test("quantiles are the middles of equal parts")
  func quantiles() {
    #expect(LengthHistogram(from: 3, [2, 0, 2, 0]).quantiles(4) == [3, 3, 5, 5])
    #expect(LengthHistogram(from: 3, [1, 4, 1]).quantiles(2) == [4, 4])
    #expect(LengthHistogram(from: 3, [3, 0, 1]).quantiles(1) == [3])
    #expect(LengthHistogram.fixed(9).quantiles(3) == [9, 9, 9])
    #expect(LengthHistogram(from: 3, [2, 0, 2, 0]).longest == 5)
  }

  @Test("loading again gives the same examples, half of each target, and nothing to test on")
  func examples() throws {
    let dataset = LengthDataset(length: 12)
    let first = try dataset.load(from: URL(filePath: "."))
    #expect(try dataset.load(from: URL(filePath: "/nowhere")) == first)
    #expect(first[.train].count { $0.target == "good" } == LengthDataset.count / 2)
    #expect(Set(first[.train].map(\.source)).count > 200)
    #expect(first[.validation].isEmpty && first[.test].isEmpty)
  }

  @Test(
    "a name that is no length is refused",
    arguments: ["length-0", "length--1", "length-", "length-012", "length-70000", "length-rte"])
  func names(id: DatasetID) {
    #expect(throws: DatasetError.self) { try DatasetCatalogue.standard.dataset(id) }
  }
}
