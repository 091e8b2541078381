import Backbones
import Datasets
import Documents
import Experiments
import Reports
import Testing
import Training

@Suite struct MultiTaskReportTests {
  /// A run on RTE and CB, with its scores in per cent.
  private func run(
    seed: Int = 1, rte: Double, cb: Double, mixing: TaskMixing = .standard,
    on datasets: [DatasetID] = ["rte", "cb"]
  ) -> FrozenRun {
    var run = Sample.run("pt", seed: seed, trainable: 2_000)
    run.spec.datasets = datasets
    run.spec.schedule.mixing = mixing
    run.id = RunID(rawValue: "\(datasets)\(seed)\(mixing)")
    let scores = [
      "rte/accuracy": rte / 100, "cb/accuracy": cb / 100, "mean": (rte + cb) / 200,
    ]
    run.summary?.scores = [.test: scores, .validation: scores]
    for (name, value) in scores {
      run.curves["validation/\(name)"] = [
        MetricPoint(step: 10, name: "validation/\(name)", value: value)
      ]
    }
    return run
  }

  private func read(_ cell: some Cell, _ runs: [FrozenRun]) throws -> TableReading {
    try TableReading(cell.blocks(Sample.results(runs)))
  }

  @Test("a run on several data sets has a cell for each, beside runs on one, in a row of its own")
  func cells() throws {
    let runs = [
      Sample.run("pt", on: "rte", test: 90), Sample.run("pt", on: "cb", test: 50),
      run(rte: 70, cb: 60), run(seed: 2, rte: 72, cb: 64),
    ]
    let table = try read(PivotTable(rows: .method, columns: .dataset), runs)
    #expect(table.columns == ["Method", "Trained on", "#Params", "RTE", "CB", "Mean"])
    #expect(try table.print("Prompt tuning one task", "RTE").hasPrefix("90.0"))
    #expect(try table.print("Prompt tuning 2 tasks, temperature 10", "RTE").hasPrefix("71.0"))
    #expect(try table.print("Prompt tuning 2 tasks, temperature 10", "CB").hasPrefix("62.0"))
    #expect(try table.print("Prompt tuning 2 tasks, temperature 10", "Mean").hasPrefix("66.5"))
    #expect(table.caption.contains("accuracy"))
  }

  @Test("other mixings and other companions never compete with each other")
  func rows() throws {
    let runs = [
      run(rte: 70, cb: 60), run(rte: 80, cb: 30, mixing: .equal),
      run(rte: 75, cb: 20, on: ["rte", "cb", "sst2"]),
    ]
    let table = try read(PivotTable(rows: .method, columns: .dataset), runs)
    #expect(try table.print("Prompt tuning 2 tasks, equal", "CB").hasPrefix("30.0"))
    #expect(try table.print("Prompt tuning 3 tasks, temperature 10", "CB").hasPrefix("20.0"))
    #expect(try table.print("Prompt tuning 3 tasks, temperature 10", "SST-2").hasPrefix("–"))
  }

  @Test("runs that are not finished are counted once, whatever number of tasks they have")
  func open() throws {
    var queued = run(seed: 3, rte: 1, cb: 1)
    queued.state = .queued
    queued.summary = nil
    let table = try read(
      PivotTable(rows: .method, columns: .dataset), [run(rte: 70, cb: 60), queued])
    #expect(table.caption.contains("1 of 2 runs are not finished."))
  }

  @Test("validation curves have a panel for each task, other curves one for the run")
  func curves() throws {
    func panels(_ curve: Curve) -> [String] {
      LearningCurve(curve, groupedBy: .method).blocks(Sample.results([run(rte: 70, cb: 60)]))
        .flatMap { block -> [String] in
          if case .figure(let figure) = block { figure.panels.map(\.title) } else { [] }
        }
    }
    #expect(panels(.validation) == ["RTE", "CB"])
    #expect(panels(.metric("validation/mean")) == ["RTE + CB"])
  }

  @Test("trained parameters are counted in all and for each task")
  func parameters() throws {
    let table = try read(
      ParameterCount(), [run(rte: 1, cb: 1), Sample.run("lora", trainable: 500)])
    #expect(
      table.columns == [
        "Backbone", "Method", "Trainable", "Tasks", "Per task", "Total", "Share in %",
      ])
    #expect(try table.print("nano Prompt tuning", "Per task") == NumberFormat.grouped(1_000))
    #expect(try table.print("nano LoRA", "Per task") == "500")
    #expect(try read(ParameterCount(), [Sample.run()]).columns.count == 5)
  }

  @Test("runs that start from others have rows of their own, and the report names those")
  func sources() throws {
    var transferred = Sample.run("dept", seed: 1, test: 85)
    transferred.spec.sources = [Sample.run("dept", on: "sst2", seed: 4).spec]
    transferred.id = RunID(rawValue: "transferred")
    var other = Sample.run("dept", seed: 2, test: 87)
    other.spec.sources = [Sample.run("dept", on: "sst2", seed: 5).spec]
    other.id = RunID(rawValue: "other")
    let runs = [Sample.run("dept", test: 80), transferred, other]
    let table = try read(PivotTable(rows: .method, columns: .dataset), runs)
    #expect(table.columns == ["Method", "Starts from", "#Params", "RTE"])
    #expect(try table.print("DePT –", "RTE").hasPrefix("80.0"))
    // Seeds of sources are seeds: they do not compete.
    #expect(try table.print("DePT DePT on SST-2", "RTE").hasPrefix("86.0"))
    var source = Sample.run("dept", on: "sst2", seed: 4, state: .failed)
    source.id = RunID(rawValue: "source")
    let results = ResultSet(experiment: "sample", runs: runs, sources: [source])
    let text = "\(Provenance().blocks(results))"
    #expect(text.contains("dept on sst2, seed 4"))
    #expect(text.contains("1 failed run"))
    #expect(text.contains("Identities of 1 run that others start from"))
    #expect(!"\(Provenance().blocks(Sample.results([Sample.run()])))".contains("start from"))
  }
}
