import Documents
import Experiments
import Reports
import Testing

@Suite struct ComparisonTests {
  @Test("three against three seeds cannot go below p = 0.10, and the caption says so")
  func floor() throws {
    let table = try read(seeds: 3, difference: 10)
    #expect(try table.print("DePT", "RTE") == "+10.0 p=0.10")
    #expect(table.caption.contains("With 3 against 3 seeds no uncorrected p below 0.10 can occur"))
    #expect(table.caption.contains("needs 4 per side"))
  }

  @Test("four against four seeds that do not overlap have p = 2/70")
  func fourSeeds() throws {
    let table = try read(seeds: 4, difference: 10)
    #expect(try table.print("DePT", "RTE") == "+10.0 p=0.029")
  }

  @Test("overlapping seeds have the probability that counting gives")
  func overlap() throws {
    // 1 3 against 2 4: of 6 relabellings, differences 2 1 0 0 1 2; observed 1 → 4/6.
    var runs: [FrozenRun] = []
    for (method, scores) in [("pt", [1.0, 3]), ("dept", [2.0, 4])] {
      for (seed, score) in scores.enumerated() {
        runs.append(Sample.run(method, seed: seed + 1, test: score))
      }
    }
    let table = try TableReading(Comparison(with: "pt").blocks(Sample.results(runs)))
    #expect(try table.print("DePT", "RTE") == "+1.0 p=0.67")
  }

  @Test("Holm's correction is over the tasks of a row, the mean stands alone")
  func holm() throws {
    var runs: [FrozenRun] = []
    for (method, shift) in [("pt", 0.0), ("dept", -20)] {
      for dataset in ["rte", "cb"] {
        for seed in 1...4 {
          let score = 50 + Double(seed) + shift
          runs.append(Sample.run(method, on: dataset, seed: seed, test: score))
        }
      }
    }
    let table = try TableReading(Comparison(with: "pt").blocks(Sample.results(runs)))
    #expect(try table.print("DePT", "RTE") == "-20.0 p=0.057")
    #expect(try table.print("DePT", "CB") == "-20.0 p=0.057")
    #expect(try table.print("DePT", "Mean") == "-20.0 p=0.029")
  }

  @Test("without the baseline there is a sentence")
  func missing() {
    let blocks = Comparison(with: "lora").blocks(Sample.results([Sample.run()]))
    guard case .paragraph(let text)? = blocks.first else {
      Issue.record("expected a paragraph")
      return
    }
    #expect(text.plain.contains("“lora”"))
  }

  private func read(seeds: Int, difference: Double) throws -> TableReading {
    let runs = ["pt", "dept"].flatMap { method in
      (1...seeds).map {
        Sample.run(method, seed: $0, test: 50 + Double($0) + (method == "dept" ? difference : 0))
      }
    }
    return try TableReading(Comparison(with: "pt").blocks(Sample.results(runs)))
  }
}
