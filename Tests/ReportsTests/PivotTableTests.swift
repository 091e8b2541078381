import Datasets
import Documents
import Experiments
import Reports
import Testing

@Suite struct PivotTableTests {
  @Test("a cell is the mean and the sample deviation over seeds")
  func meanAndDeviation() throws {
    let runs = [80.0, 82, 87].enumerated().map { Sample.run(seed: $0 + 1, test: $1) }
    let table = try read(PivotTable(rows: .method, columns: .dataset), runs)
    // mean 83; squares 9 + 1 + 16 = 26; 26 / 2 = 13; √13 = 3.606
    #expect(try table.print("DePT", "RTE") == "83.0±3.6")
    #expect(try table.print("DePT", "#Params") == "76.8k")
    #expect(table.caption.contains("standard deviation (n − 1) over n = 3 seeds"))
    #expect(table.caption.contains("step that is best on validation"))
  }

  @Test("standard errors and confidence intervals are printed when asked for, and named")
  func spreads() throws {
    let runs = [80.0, 82, 87].enumerated().map { Sample.run(seed: $0 + 1, test: $1) }
    let error = try read(
      PivotTable(rows: .method, columns: .dataset, spread: .standardError), runs)
    #expect(try error.print("DePT", "RTE") == "83.0±2.1")  // 3.606 / √3
    #expect(error.caption.contains("standard error"))
    let interval = try read(
      PivotTable(rows: .method, columns: .dataset, spread: .confidence95), runs)
    #expect(try interval.print("DePT", "RTE") == "83.0±9.0")  // 4.303 · 2.082
    #expect(interval.caption.contains("95 % confidence interval"))
  }

  @Test("the mean column averages tasks within each seed, and never averages deviations")
  func meanOverTasks() throws {
    // Seeds move the two tasks in opposite directions: per seed the mean is 70, 70, 71.
    var runs: [FrozenRun] = []
    for (seed, scores) in [(1, (60.0, 80.0)), (2, (70, 70)), (3, (80, 62))] {
      runs.append(Sample.run(on: "rte", seed: seed, test: scores.0))
      runs.append(Sample.run(on: "cb", seed: seed, test: scores.1))
    }
    let table = try read(PivotTable(rows: .method, columns: .dataset), runs)
    #expect(table.columns == ["Method", "#Params", "RTE", "CB", "Mean"])
    #expect(try table.print("DePT", "Mean") == "70.3±0.6")  // deviation of 70, 70, 71 = 0.577
    #expect(try table.print("DePT", "RTE") == "70.0±10.0")
  }

  @Test("tasks that do not share their seeds have a mean without a deviation")
  func unpairedSeeds() throws {
    let runs = [
      Sample.run(on: "rte", seed: 1, test: 60), Sample.run(on: "rte", seed: 2, test: 62),
      Sample.run(on: "cb", seed: 1, test: 80), Sample.run(on: "cb", seed: 3, test: 84),
    ]
    let table = try read(PivotTable(rows: .method, columns: .dataset), runs)
    #expect(try table.print("DePT", "Mean") == "71.5")
    #expect(table.caption.contains("no deviation"))
  }

  @Test("a row with a missing task has no mean")
  func missingTask() throws {
    let runs = [
      Sample.run("pt", on: "rte", test: 60), Sample.run("pt", on: "cb", test: 70),
      Sample.run("dept", on: "rte", test: 61), Sample.run("dept", on: "cb", state: .queued),
    ]
    let table = try read(PivotTable(rows: .method, columns: .dataset), runs)
    #expect(try table.print("DePT", "CB") == "–")
    #expect(try table.print("DePT", "Mean") == "–")
    #expect(try table.print("Prompt tuning", "Mean") == "65.0")
    #expect(table.caption.contains("1 of 4 runs are not finished"))
  }

  @Test("runs that were given up early are told apart from those that are to come")
  func pruned() throws {
    let runs = [
      Sample.run("pt", on: "rte", test: 60), Sample.run("pt", on: "cb", state: .pruned),
      Sample.run("dept", on: "rte", state: .queued),
    ]
    let table = try read(PivotTable(rows: .method, columns: .dataset), runs)
    #expect(table.caption.contains("1 of 3 runs are not finished. 1 of 3 runs were pruned."))
  }

  @Test("one seed has no deviation, and the caption says one run")
  func oneSeed() throws {
    let table = try read(PivotTable(rows: .method, columns: .dataset), [Sample.run()])
    #expect(try table.print("DePT", "RTE") == "80.0")
    #expect(table.caption.contains("One run per cell"))
    #expect(!table.caption.contains("deviation"))
  }

  @Test("cells with fewer seeds than usual are marked, failures are explained")
  func failures() throws {
    var runs: [FrozenRun] = []
    for (method, test) in [("pt", 70.0), ("lora", 75.0), ("dept", 80.0)] {
      for seed in 1...3 { runs.append(Sample.run(method, seed: seed, test: test + Double(seed))) }
    }
    runs[2] = Sample.run("pt", seed: 3, state: .failed)
    for seed in 1...3 { runs.append(Sample.run("ft", seed: seed, state: .failed)) }
    let table = try read(PivotTable(rows: .method, columns: .dataset), runs)
    #expect(try table.print("Prompt tuning", "RTE") == "71.5±0.7 n=2")
    #expect(try table.cell("Prompt tuning", "RTE").marks == ["a"])
    #expect(try table.print("Full fine-tuning", "RTE") == "×")
    #expect(try table.cell("Full fine-tuning", "RTE").marks == ["b"])
    #expect(
      table.table.footnotes.map(\.text.plain) == [
        "1 of 3 runs failed (diverged, step 7): the loss became NaN",
        "3 of 3 runs failed (diverged, step 7): the loss became NaN",
      ])
  }

  @Test("scores that are not numbers count as missing")
  func notANumber() throws {
    let runs = [Sample.run(seed: 1, test: .nan), Sample.run(seed: 2, test: 70)]
    let table = try read(PivotTable(rows: .method, columns: .dataset), runs)
    #expect(try table.print("DePT", "RTE") == "70.0")
  }

  @Test("references take no part in ranking and carry their citation")
  func references() throws {
    let table = try read(
      PivotTable(
        rows: .method, columns: .dataset,
        references: [
          .majorityClass(["rte": 52.7]),
          Reference("Paper", scores: ["rte": 99], citation: "Shi & Lipani, 2024"),
        ]), [Sample.run("pt", test: 60), Sample.run("dept", test: 70)])
    #expect(table.rows == ["Majority class", "Paper", "Prompt tuning", "DePT"])
    #expect(try table.print("Paper", "RTE") == "99.0")
    #expect(try table.print("DePT", "RTE") == "70.0*")
    #expect(try table.print("Prompt tuning", "RTE") == "60.0_")
    #expect(table.table.footnotes.map(\.mark) == ["†"])
  }

  @Test("without runs there is a sentence instead of a table")
  func empty() throws {
    let blocks = PivotTable(rows: .method, columns: .dataset).blocks(Sample.results([]))
    guard case .paragraph(let text)? = blocks.first else {
      Issue.record("expected a paragraph")
      return
    }
    #expect(text.plain.contains("no runs yet"))
  }

  private func read(_ pivot: PivotTable, _ runs: [FrozenRun]) throws -> TableReading {
    try TableReading(pivot.blocks(Sample.results(runs)))
  }
}
