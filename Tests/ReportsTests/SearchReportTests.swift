import Datasets
import Documents
import Experiments
import Testing

@testable import Reports

@Suite struct SearchReportTests {
  private func winner(_ method: String, seed: Int, tried: Int, seeds: Int = 1) -> FrozenRun {
    var run = Sample.run(method, seed: seed)
    run.selection = RunSelection(
      search: "s", split: .validation, tried: tried, searchSeeds: seeds, isCandidate: seed == 1)
    return run
  }

  private func caption(_ runs: [FrozenRun]) -> String {
    let blocks = PivotTable(rows: .method, columns: .dataset).blocks(Sample.results(runs))
    guard case .table(let table)? = blocks.first else { return "" }
    return table.caption.plain
  }

  @Test("a caption says among how many configurations a search chose, and with how many seeds")
  func captions() {
    let runs = (1...3).map { winner("lora", seed: $0, tried: 12) }
    #expect(
      caption(runs).contains("Configurations were chosen on validation among 12 with one seed."))
    let more = runs + (1...3).map { winner("dept", seed: $0, tried: 6, seeds: 2) }
    #expect(caption(more).contains("chosen on validation among 6 to 12 with 1 to 2 seeds."))
    #expect(
      caption(runs + [Sample.run("bitfit")]).contains(
        "Where a search was made, configurations were chosen on validation among 12"))
    #expect(!caption([Sample.run("bitfit")]).contains("chosen"))
  }

  @Test("the runs of a search are counted and listed, and are no part of tables")
  func provenance() throws {
    var results = Sample.results((1...2).map { winner("lora", seed: $0, tried: 2) })
    results.candidates = [results.runs[0], Sample.run("lora", rate: 0.5)]
    let document = try Report.standard.document(results)
    let text = "\(document)"
    #expect(text.contains("2 configurations in 2 runs of searches"))
    #expect(text.contains("Identities of 2 runs of searches"))
    // Computing counts each run once, and those of the search too: 11 + 12 + 11 seconds.
    #expect(ResultFacts(results).totalSeconds == 34)
    #expect(document.facts.first == "2 runs")
  }

  @Test("the notes of the plan come first, and the first heading is the title")
  func notes() throws {
    let report = Report {
      Note("# Of the report")
      Note("last")
    }
    let results = Sample.results([Sample.run()])
    #expect(try report.document(results).title == "Of the report")
    let both = try report.document(results, after: ["# Of the plan\n\nprose", "second"])
    #expect(both.title == "Of the plan")
    #expect(
      both.blocks == [
        .note(markdown: "\nprose"), .note(markdown: "second"), .note(markdown: "# Of the report"),
        .note(markdown: "last"),
      ])
    #expect(try report.document(results, after: ["prose"]).title == "Of the report")
  }
}
