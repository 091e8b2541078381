import Datasets
import DeptTesting
import Foundation
import Testing

@Suite struct SplitRuleTests {
  @Test("the small rule halves the shuffled validation part, rounding validation down")
  func small() throws {
    let folder = try TemporaryFolder()
    try folder.write(rte(4), to: "rte/RTE/train.tsv")
    try folder.write(rte(5), to: "rte/RTE/dev.tsv")
    let prepared = try RTE().load(from: folder.url)
    #expect(numbers(prepared[.train]) == [0, 1, 2, 3])
    // torch.randperm(5) with seed 42 is 2 4 3 0 1.
    #expect(numbers(prepared[.validation]) == [2, 4])
    #expect(numbers(prepared[.test]) == [3, 0, 1])
  }

  @Test("the large rule holds 1,000 shuffled training examples out and keeps the published order")
  func large() throws {
    let folder = try TemporaryFolder()
    try folder.write(sst(2500), to: "sst2/SST-2/train.tsv")
    try folder.write(sst(3), to: "sst2/SST-2/dev.tsv")
    let prepared = try SST2().load(from: folder.url)
    let order = TorchPermutation.indices(2500, seed: 42)
    #expect(numbers(prepared[.validation]) == Array(order.prefix(1000)))
    #expect(numbers(prepared[.train]) == Array(order.dropFirst(1000)))
    #expect(numbers(prepared[.test]) == [0, 1, 2])
  }

  @Test("an excerpt below twice the held-out number gives half of itself")
  func excerpt() throws {
    let folder = try TemporaryFolder()
    try folder.write(sst(11), to: "sst2/SST-2/train.tsv")
    try folder.write(sst(3), to: "sst2/SST-2/dev.tsv")
    let prepared = try SST2().load(from: folder.url)
    #expect(prepared[.validation].count == 5)
    #expect(prepared[.train].count == 6)
  }

  @Test("too few examples to split are an error with their number")
  func tooFew() throws {
    let folder = try TemporaryFolder()
    try folder.write(rte(4), to: "rte/RTE/train.tsv")
    try folder.write(rte(1), to: "rte/RTE/dev.tsv")
    #expect(throws: DatasetError.tooFew("rte", count: 1, needed: 2)) {
      try RTE().load(from: folder.url)
    }
  }

  @Test("missing data say which command fetches them")
  func notFetched() throws {
    let folder = try TemporaryFolder()
    let error = #expect(throws: DatasetError.self) { try CB().load(from: folder.url) }
    #expect("\(try #require(error))".hasSuffix("run: dept fetch cb"))
    #expect("\(try #require(error))".contains("cb/CB/train.jsonl"))
  }

  private func rte(_ count: Int) -> String {
    "index\tsentence1\tsentence2\tlabel\n"
      + (0..<count).map { "\($0)\tone \"\($0)\" two\tb\tentailment\n" }.joined()
  }

  private func sst(_ count: Int) -> String {
    "sentence\tlabel\n" + (0..<count).map { "number \"\($0)\" \t\($0 % 2)\n" }.joined()
  }

  /// The number between quotes in each source.
  private func numbers(_ examples: Examples) -> [Int] {
    examples.compactMap { Int($0.source.split(separator: "\"")[1]) }
  }
}
