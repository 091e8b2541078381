import Datasets
import Testing

@Suite struct DatasetStatisticsTests {
  @Test("sizes, label balance and word lengths are counted by split")
  func counts() throws {
    let train = (1...100).map {
      Example(
        source: Array(repeating: "w", count: $0).joined(separator: " "), target: $0 < 31 ? "1" : "0"
      )
    }
    let prepared = PreparedDataset("rte", [.train: train])
    let statistics = DatasetStatistics(prepared, labels: RTE().labels)
    let split = try #require(statistics.splits[.train])
    #expect(split.examples == 100)
    #expect(split.labels.map(\.examples) == [70, 30])
    #expect(split.labels.map(\.meaning) == ["entailment", "not entailment"])
    let source = try #require(split.source)
    #expect(source.minimum == 1 && source.maximum == 100 && source.mean == 50.5)
    #expect([source.median, source.percentile90, source.percentile99] == [50, 90, 99])
    let test = try #require(statistics.splits[.test])
    #expect(test.examples == 0 && test.source == nil)
  }

  @Test("free text has no label balance; lengths can be measured in any unit")
  func freeText() throws {
    let train = (0..<30).map { Example(source: "abc", target: "answer \($0)") }
    let statistics = DatasetStatistics(PreparedDataset("x", [.train: train])) { $0.count }
    #expect(statistics.splits[.train]?.labels.isEmpty == true)
    #expect(statistics.splits[.train]?.source?.median == 3)
  }
}
