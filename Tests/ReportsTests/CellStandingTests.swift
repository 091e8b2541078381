import Documents
import Experiments
import Reports
import Testing

@Suite struct CellStandingTests {
  private struct Broken: Cell {
    struct Trouble: Error, CustomStringConvertible { let description = "no such column" }
    func blocks(_ results: ResultSet) throws -> [Block] { throw Trouble() }
  }

  /// Shows the runs of one method alone.
  private struct Only: Cell {
    var method: String
    func runs(in results: ResultSet) -> [FrozenRun] {
      results.runs.filter { $0.spec.method.name == method }
    }
    func blocks(_ results: ResultSet) -> [Block] { [.paragraph([.text(method)])] }
  }

  private func states(_ report: Report, _ results: ResultSet) -> [String] {
    report.document(showing: results).blocks.compactMap { block in
      if case .state(let state, let reason) = block { "\(state.rawValue): \(reason)" } else { nil }
    }
  }

  private let report = Report {
    Note("# Title")
    Heading("Results")
    PivotTable(rows: .method, columns: .dataset)
  }

  @Test("finished runs are fresh, and a fresh cell says nothing")
  func fresh() throws {
    let results = Sample.results([Sample.run(), Sample.run(seed: 2)])
    #expect(states(report, results).isEmpty)
    #expect(report.document(showing: results) == (try report.document(results)))
    #expect(states(report, Sample.results([])).isEmpty)
  }

  @Test("runs to come, failed ones and another plan are told once for each cell of results")
  func others() {
    let failed = Sample.run(seed: 2, state: .failed)
    let waiting = Sample.run(seed: 3, state: .queued)
    #expect(
      states(report, Sample.results([Sample.run(), failed])) == ["failed: 1 of 2 runs failed"])
    #expect(
      states(report, Sample.results([Sample.run(), failed, waiting]))
        == ["running: 1 of 3 runs to come, 1 failed"])
    var stale = Sample.results([Sample.run(), waiting])
    stale.isStale = true
    #expect(
      states(report, stale)
        == ["stale: the experiment asks for other runs by now; dept run brings them"])
  }

  @Test("a cell answers for the runs that it shows, and no others")
  func own() {
    let results = Sample.results([Sample.run("pt"), Sample.run("dept", state: .running)])
    let report = Report {
      Only(method: "pt")
      Only(method: "dept")
    }
    #expect(states(report, results) == ["running: 1 of 1 run to come"])
  }

  @Test("a cell that throws says so in its place, and takes no other with it")
  func broken() {
    let report = Report {
      Note("before")
      Broken()
      Note("after")
    }
    let document = report.document(showing: Sample.results([Sample.run()]))
    let sentence = "cell 2 of the report (Broken) failed: no such column"
    #expect(document.faults == [sentence])
    #expect(
      document.blocks == [
        .note(markdown: "before"), .state(.failed, reason: sentence), .note(markdown: "after"),
      ])
  }
}
