import Documents
import Experiments
import Reports
import Testing

@Suite struct ProvenanceTests {
  @Test("provenance lists what it knows and leaves out what it does not")
  func definitions() throws {
    var run = Sample.run()
    run.provenance.version = "0.1.0"
    run.provenance.dataDigest = "7c1e55aa01b0cd44aa"
    run.provenance.startedAt = "2026-11-23T22:00:01Z"
    let blocks = Provenance().blocks(Sample.results([run, Sample.run(rate: 0.1)]))
    guard blocks.count > 1, case .definitions(let list) = blocks[1] else {
      Issue.record("expected definitions")
      return
    }
    let words = list.map { "\($0.term): \($0.text.plain)" }
    #expect(
      words == [
        "Experiment: sample", "dept: 0.1.0", "Data rte: 7c1e55aa01b0", "Runs: 2 succeeded",
        "Search budget: 2 configurations tried, seeds 1", "Computing: 22.0 s",
        "First start: 2026-11-23T22:00:01Z",
      ])
  }

  @Test("failed runs are listed with their reasons, and every run with its identity")
  func details() throws {
    let blocks = Provenance().blocks(
      Sample.results([Sample.run(state: .failed), Sample.run("pt")]))
    let summaries = blocks.compactMap { block -> String? in
      if case .details(let summary, _) = block { summary } else { nil }
    }
    #expect(summaries == ["1 failed run", "Identities of 2 runs"])
  }

  @Test("costs are means over finished runs; the peak is the largest")
  func cost() throws {
    let runs = (1...3).map { Sample.run(seed: $0) } + [Sample.run(seed: 4, state: .failed)]
    let table = try TableReading(CostTable().blocks(Sample.results(runs)))
    #expect(try table.print("DePT", "Runs") == "3")
    #expect(try table.print("DePT", "Time per run") == "12.0 ± 1.0 s")
    #expect(try table.print("DePT", "ms per step") == "7.00 ± 1.00")
    #expect(try table.print("DePT", "Total time") == "36.0 s")
    #expect(try table.print("DePT", "Peak memory") == "103 MiB")
  }

  @Test("parameters are counted in full with their share")
  func parameters() throws {
    let table = try TableReading(ParameterCount().blocks(Sample.results([Sample.run()])))
    #expect(try table.print("nano DePT", "Trainable") == "76\u{202F}800")
    #expect(try table.print("nano DePT", "Share in %") == "0.034")
  }
}
