import Documents
import Experiments
import Foundation
import Reports
import Testing

@Suite struct ReportTests {
  private struct RunCount: Cell {
    func blocks(_ results: ResultSet) -> [Block] {
      [.paragraph([.text("\(results.runs.count) runs")])]
    }
  }

  private struct Broken: Cell {
    struct Trouble: Error, CustomStringConvertible { let description = "no such column" }
    func blocks(_ results: ResultSet) throws -> [Block] { throw Trouble() }
  }

  @Test("cells, conditions, loops and other reports compose; cells may be the user's own")
  func composition() throws {
    let detailed = true
    let report = Report {
      Note("# Two rates?\n\nOne for the prompt.")
      RunCount()
      if detailed { Heading("More") }
      for word in ["a", "b"] { Note(word) }
      Report { RunCount() }
    }
    let document = try report.document(Sample.results([Sample.run()]))
    #expect(document.title == "Two rates?")
    #expect(document.kicker == "sample")
    #expect(document.facts.prefix(3) == ["1 run", "1 configuration", "1 seed"])
    #expect(
      document.blocks == [
        .note(markdown: "\nOne for the prompt."), .paragraph(["1 runs"]),
        .heading(level: 2, text: ["More"]), .note(markdown: "a"), .note(markdown: "b"),
        .paragraph(["1 runs"]),
      ])
  }

  @Test("without a heading note the experiment's name is the title")
  func plainTitle() throws {
    for first in ["no heading", "## Second level", "# With `code`"] {
      let document = try Report { Note(first) }.document(Sample.results([]))
      #expect(document.title == "sample")
      #expect(document.blocks == [.note(markdown: first)])
    }
  }

  @Test("a cell that fails is named with its place")
  func failure() {
    let report = Report {
      Note("fine")
      Broken()
    }
    #expect(
      throws: ReportError.cell(position: 2, type: "Broken", message: "no such column")
    ) { try report.document(Sample.results([])) }
    let error = ReportError.cell(position: 2, type: "Broken", message: "no such column")
    #expect(error.description == "cell 2 of the report (Broken) failed: no such column")
  }

  @Test("the standard report is a document for no runs, unfinished runs, and finished ones")
  func standard() throws {
    #expect(try Report.standard.document(Sample.results([])).facts == ["no runs yet"])
    let queued = Sample.results([Sample.run(state: .queued), Sample.run("pt", state: .running)])
    #expect(try Report.standard.document(queued).facts.first == "0 of 2 runs done")
    let pruned = Sample.results([Sample.run(), Sample.run("pt", state: .pruned)])
    #expect(try Report.standard.document(pruned).facts.prefix(2) == ["2 runs", "1 pruned"])
    let done = Sample.results([Sample.run(curve: [50, 60]), Sample.run("pt", curve: [40, 50])])
    let blocks = try Report.standard.document(done).blocks
    #expect(blocks.count == 6)
  }

  @Test("a report is a function of results: unfinished numbers never break its JSON")
  func encodable() throws {
    let runs = [
      Sample.run(seed: 1, test: .nan, curve: [.infinity, 60]), Sample.run(seed: 2, test: 70),
    ]
    let document = try Report.standard.document(Sample.results(runs))
    let data = try JSONEncoder().encode(document)
    #expect(try JSONDecoder().decode(Document.self, from: data) == document)
  }

  @Test("the order of seeds does not matter")
  func order() throws {
    let runs = ["pt", "dept"].flatMap { method in
      (1...3).map {
        Sample.run(method, seed: $0, test: 60.1 + Double($0) / 3, curve: [50 + 1 / Double($0)])
      }
    }
    let shuffled = [2, 0, 1, 4, 5, 3].map { runs[$0] }
    let cells = Report {
      PivotTable(rows: .method, columns: .dataset)
      LearningCurve(.validation, groupedBy: .method)
      CostTable(rows: .method)
      ParameterCount()
    }
    #expect(
      try cells.document(Sample.results(runs)) == cells.document(Sample.results(shuffled)))
  }
}
