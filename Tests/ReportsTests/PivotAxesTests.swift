import Backbones
import Datasets
import Documents
import Evaluation
import Experiments
import Reports
import Testing

@Suite struct PivotAxesTests {
  @Test("configurations that share a cell compete on validation, and the caption says so")
  func selection() throws {
    let runs = [
      Sample.run(rate: 0.3, test: 70, validation: 75),
      Sample.run(rate: 0.1, test: 60, validation: 80),
      Sample.run(rate: 0.5, test: 90, validation: 70),
    ]
    let table = try read(PivotTable(rows: .method, columns: .dataset), runs)
    #expect(try table.print("DePT", "RTE") == "60.0")
    #expect(table.caption.contains("best mean validation score of up to 3 tried"))
  }

  @Test("a data set that names a selection metric has its configurations chosen by it")
  func ownSelectionMetric() throws {
    var runs = [
      Sample.run(on: "cb", rate: 0.3, test: 70, validation: 90),
      Sample.run(on: "cb", rate: 0.1, test: 60, validation: 80),
    ]
    runs[0].summary?.scores[.validation]?["f1-macro"] = 0.5
    runs[1].summary?.scores[.validation]?["f1-macro"] = 0.6
    let table = try read(PivotTable(rows: .method, columns: .dataset), runs)
    #expect(try table.print("DePT", "CB") == "60.0")
    #expect(table.caption.hasPrefix("Test score (accuracy)."))
  }

  @Test("data sets are called what their catalogue or their file is called")
  func datasetTitles() throws {
    let runs = ["gen-sentiment", "data/own.jsonl", "elsewhere"].map { Sample.run(on: $0) }
    let table = try read(PivotTable(rows: .method, columns: .dataset), runs)
    #expect(table.columns.dropFirst(2) == ["Sentiment*", "own", "elsewhere", "Mean"])
  }

  @Test("an axis of learning rates tells the configurations apart instead")
  func learningRates() throws {
    let runs = [
      Sample.run(rate: 0.3, lowRank: 5e-4, test: 70), Sample.run(rate: 0.3, test: 60),
    ]
    let table = try read(PivotTable(rows: .method, .learningRates, columns: .dataset), runs)
    #expect(try table.print("DePT 0.3 / 5e-4", "RTE") == "70.0*")
    #expect(try table.print("DePT 0.3", "RTE") == "60.0_")
    #expect(!table.caption.contains("tried"))
  }

  @Test("methods never compete: a row axis is added where none tells them apart")
  func methodsAreToldApart() throws {
    let runs = [
      Sample.run("pt", ["length": .integer(20)], test: 60),
      Sample.run("dept", ["promptLength": .integer(10)], test: 70),
    ]
    let table = try read(PivotTable(rows: .promptLength, columns: .dataset), runs)
    #expect(table.columns == ["Method", "Prompt length", "#Params", "RTE"])
    #expect(try table.print("DePT 10", "RTE") == "70.0*")
  }

  @Test("backbones never compete: each has a group of rows with a ranking of its own")
  func backbones() throws {
    let runs = [
      Sample.run("pt", backbone: "t5-small", test: 60),
      Sample.run("dept", backbone: "t5-small", test: 61),
      Sample.run("pt", backbone: "t5-base", test: 70),
      Sample.run("dept", backbone: "t5-base", test: 69),
    ]
    let table = try read(PivotTable(rows: .method, columns: .dataset), runs).table
    #expect(table.groups.map(\.title) == ["t5-small", "t5-base"])
    #expect(table.groups[0].rows.map { $0[2].rank } == [.second, .best])
    #expect(table.groups[1].rows.map { $0[2].rank } == [.best, .second])
  }

  @Test("few-shot sizes never compete: they are rows of their own")
  func fewShot() throws {
    let runs = [16, 4].map { Sample.run(fewShot: $0, test: 50 + Double($0)) }
    let table = try read(PivotTable(rows: .method, columns: .dataset), runs)
    #expect(try table.print("DePT 4", "RTE") == "54.0_")
    #expect(try table.print("DePT 16", "RTE") == "66.0*")
  }

  @Test("several column axes nest, and numbers on an axis ascend")
  func nestedColumns() throws {
    let runs = [32, 4].flatMap { k in
      ["rte", "cb"].map { Sample.run(on: $0, fewShot: k, test: 50 + Double(k)) }
    }
    let table = try read(PivotTable(rows: .method, columns: .fewShot, .dataset), runs)
    #expect(table.columns == ["Method", "#Params", "RTE", "CB", "Mean", "RTE", "CB", "Mean"])
    #expect(
      table.table.columns.dropFirst(2).map(\.groups.first) == ["4", "4", "4", "32", "32", "32"])
  }

  @Test("benchmarks group their tasks, each with a mean, when all have several tasks")
  func benchmarks() throws {
    let runs = ["sst2", "cb", "rte", "boolq"].map { Sample.run(on: $0) }
    let table = try read(PivotTable(rows: .method, columns: .dataset), runs)
    #expect(
      table.columns == ["Method", "#Params", "SST-2", "RTE", "Mean", "CB", "BoolQ", "Mean"])
    #expect(table.table.columns[4].groups == ["GLUE"])
    #expect(table.table.columns[7].groups == ["SuperGLUE"])
  }

  @Test("without a data set axis a cell is the mean over tasks")
  func noDatasetAxis() throws {
    let runs = ["rte": 60.0, "cb": 70].sorted { $0.key < $1.key }
      .map { Sample.run(on: $0.key, test: $0.value) }
    let table = try read(PivotTable(rows: .method, columns: .backbone), runs)
    #expect(try table.print("DePT", "nano") == "65.0")
  }

  @Test("the headline metric is the data set's own, and the caption names exceptions")
  func headlineMetrics() throws {
    var cola = Sample.run(on: "cola", test: 55, metric: "matthews")
    cola.summary?.scores[.test]?["accuracy"] = 0.81
    let runs = [Sample.run(on: "rte"), Sample.run(on: "cb"), cola]
    let table = try read(PivotTable(rows: .method, columns: .dataset), runs)
    #expect(try table.print("DePT", "CoLA") == "55.0")
    #expect(table.caption.hasPrefix("Test score (accuracy; Matthews correlation for CoLA)."))
    let accuracy = PivotTable(rows: .method, columns: .dataset, cell: .test("accuracy"))
    #expect(try read(accuracy, runs).print("DePT", "CoLA") == "81.0")
    let own = PivotTable(
      rows: .method, columns: .dataset, metrics: HeadlineMetrics { _ in "accuracy" })
    #expect(try read(own, runs).print("DePT", "CoLA") == "81.0")
  }

  @Test("an axis and a quantity of one's own work like the built-in ones")
  func ownAxis() throws {
    let runs = [1, 2].map { Sample.run(seed: $0, test: 60 + Double($0)) }
    let odd = Axis("Parity") { .text($0.seed % 2 == 1 ? "odd" : "even") }
    let attempts = Quantity("Attempts", decimals: 0, direction: .lowerIsBetter) {
      Double($0.attempts)
    }
    let table = try read(PivotTable(rows: odd, columns: .dataset, cell: attempts), runs)
    #expect(table.rows == ["odd", "even"])
    #expect(try table.print("odd", "RTE") == "1*")
    #expect(table.caption.contains("Lower is better."))
  }

  private func read(_ pivot: PivotTable, _ runs: [FrozenRun]) throws -> TableReading {
    try TableReading(pivot.blocks(Sample.results(runs)))
  }
}
