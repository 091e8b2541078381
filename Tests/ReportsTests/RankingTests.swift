import Documents
import Experiments
import Reports
import Testing

@Suite struct RankingTests {
  @Test("values that print alike are all best; the next printed value is second")
  func ties() throws {
    // 80.04 and 79.96 both print as 80.0.
    #expect(try ranks([80.04, 79.96, 79.8, 79.84, 70]) == ["*", "*", "_", "_", ""])
  }

  @Test("the order is that of unrounded means")
  func unrounded() throws { #expect(try ranks([79.94, 79.96]) == ["_", "*"]) }

  @Test("when all tie, all are best and none is second")
  func allTie() throws { #expect(try ranks([80, 80, 80]) == ["*", "*", "*"]) }

  @Test("a single row has no rank")
  func single() throws { #expect(try ranks([80]) == [""]) }

  private func ranks(_ scores: [Double]) throws -> [String] {
    let runs = scores.enumerated().map { index, score in
      Sample.run("dept", ["rank": .integer(index + 1)], test: score)
    }
    let blocks = PivotTable(rows: .method, columns: .dataset).blocks(Sample.results(runs))
    return try TableReading(blocks).table.groups.flatMap(\.rows).map { cells in
      cells[2].rank == .best ? "*" : cells[2].rank == .second ? "_" : ""
    }
  }
}
