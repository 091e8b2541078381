import Foundation
import Testing

@Suite(
  .serialized,
  .enabled(if: DeptProcess.isPossible, "dept or the tiny backbone was not built with the tests"))
struct RunCommandTests {
  private let process: DeptProcess

  init() throws { process = try DeptProcess() }

  @Test("an experiment is planned, run once, reported, and not run again")
  func wholePath() throws {
    defer { process.remove() }
    try process.write(DeptProcess.experiment(), to: "sweep.swift")
    let before = try process.dept("plan", "sweep.swift", "--json").json()
    #expect(before["planned"] as? Int == 2)
    #expect(before["new"] as? Int == 2)

    let first = try process.dept("run", "sweep.swift", "--json")
    #expect(first.code == 0, "\(first.errors)")
    let summary = try first.json()
    #expect(summary["succeeded"] as? Int == 2)
    #expect(summary["cached"] as? Int == 0)
    #expect(summary["failed"] as? Int == 0)
    #expect(summary["cancelled"] as? Int == 0)
    #expect(summary["report"] as? String == "reports/sweep/index.html")
    #expect(try process.read("reports/sweep/index.html").contains("LoRA"))
    #expect(try process.read("reports/sweep/table.tex").contains("\\toprule"))
    #expect(try process.read("reports/sweep/report.md").contains("| LoRA"))

    let second = try process.dept("run", "sweep.swift", "--json").json()
    #expect(second["succeeded"] as? Int == 0)
    #expect(second["cached"] as? Int == 2)
    #expect(try process.dept("report", "sweep.swift", "--check").code == 0)
    #expect(try process.dept("report", "sweep", "--check").code == 0)

    // Another rank in the file: only the new runs.
    try process.write(DeptProcess.experiment(rank: 3), to: "sweep.swift")
    let third = try process.dept("run", "sweep.swift", "--no-report")
    #expect(third.code == 0)
    #expect(third.output.contains("2 runs: 2 succeeded"))
    #expect(try process.dept("report", "sweep.swift", "--check").code == 1)
  }

  @Test("a table has the mean and the deviation of the scores that the store has over seeds")
  func grouped() throws {
    defer { process.remove() }
    try process.write(
      """
      import Dept

      @main struct Sweep: Experiment {
        var plan: Plan {
          Run(LoRA(rank: 2), on: .genSentiment, with: .nano).learningRate(1e-2)
            .steps(20).batchSize(4).evaluate(every: 20, limit: 20).seeds(1...2)
        }
      }
      """, to: "sweep.swift")
    let outcome = try process.dept("run", "sweep.swift")
    #expect(outcome.code == 0, "\(outcome.errors)")
    let scores = try process.query("SELECT value FROM v_scores WHERE split = 'test'")
      .split(separator: "\n").compactMap { Double($0) }
    // Otherwise there would be no deviation to see.
    try #require(scores.count == 2 && scores[0] != scores[1], "\(scores)")

    let report = try process.read("reports/sweep/report.md")
    let caption = "**Test score (accuracy).** Mean and standard deviation (n − 1) over n = 2 seeds"
    #expect(report.contains(caption), "\(report)")
    let rows = report.split(separator: "\n").filter { $0.hasPrefix("| LoRA") && $0.contains("±") }
    let row = try #require(rows.first)
    let match = try #require(row.firstMatch(of: /\| (\d+\.\d) ± (\d+\.\d) \|/), "\(row)")
    let mean = try #require(Double(match.output.1))
    let deviation = try #require(Double(match.output.2))
    // In per cent, with one decimal place; of two numbers the deviation is |a - b| / √2.
    #expect(abs(mean - 50 * (scores[0] + scores[1])) < 0.0501, "\(row) \(scores)")
    let expected = 100 * abs(scores[0] - scores[1]) / 2.0.squareRoot()
    #expect(expected > 0.1 && abs(deviation - expected) < 0.0501, "\(row) \(scores)")
    #expect(!report.contains("One run per cell"))
  }

  @Test("a plan that was written down runs like its experiment, and shares its runs")
  func planFile() throws {
    defer { process.remove() }
    try process.write(DeptProcess.experiment(), to: "sweep.swift")
    let plan = try process.dept("plan", "sweep.swift", "--json")
    try process.write(plan.output, to: "later.json")
    let limited = try process.dept("run", "later.json", "--limit", "1", "--no-report", "--json")
    #expect(try limited.json()["succeeded"] as? Int == 1, "\(limited.errors)")
    let rest = try process.dept("run", "sweep.swift", "--only", "seed = 2", "--no-report", "--json")
    let summary = try rest.json()
    #expect(summary["succeeded"] as? Int == 1)
    #expect(summary["cached"] as? Int == 1)
  }

  @Test("an option that only some runs have is an axis of the plan")
  func optionalAxes() throws {
    defer { process.remove() }
    try process.write(DeptProcess.experiment(), to: "sweep.swift")
    let written = try process.dept("plan", "sweep.swift", "--json").output
    try process.write(
      written.replacing(
        /"order" ?: ?"shuffled"/, with: #""order":"bucketed","decoding":"labels""#,
        maxReplacements: 1),
      to: "later.json")
    let axes = try process.dept("plan", "later.json", "--json").json()["axes"]
    let described = try #require(axes as? [[String: Any]])
    let decoding = try #require(described.first { $0["name"] as? String == "decoding" })
    let values = try #require(decoding["values"] as? [[String: Any]])
    #expect(values.map { $0["value"] as? String } == ["labels", "default"])
    #expect(values.map { $0["runs"] as? Int } == [1, 1])
  }

  @Test("a method that the experiment declares is carried out by its own worker")
  func ownMethod() throws {
    defer { process.remove() }
    try process.write(
      """
      import Dept

      struct Shift: TuningMethod {
        static let name = "shift"
        static let title = "Shift"
        static let reference = Citation("this test")
        var defaultLearningRates: LearningRates { LearningRates(0.01) }
        func adapt(_ backbone: Anatomy, into adaptation: inout Adaptation) {
          PromptTuning(length: 2).adapt(backbone, into: &adaptation)
        }
      }

      @main struct Sweep: Experiment {
        var plan: Plan {
          Run(Shift(), on: .genSentiment, with: "./tiny").steps(2).batchSize(2)
            .evaluate(every: 2, limit: 2)
        }
      }
      """, to: "own.swift")
    let outcome = try process.dept("run", "own.swift", "--json")
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(try outcome.json()["succeeded"] as? Int == 1)
    #expect(try process.read("reports/own/report.md").contains("hift"))
  }

  @Test("a run starts from another, and another learns two data sets, through the whole path")
  func transfer() throws {
    defer { process.remove() }
    try process.write(
      """
      import Dept

      @main struct Transfer: Experiment {
        private func run(_ dataset: DatasetID) -> Plan {
          Run(PromptTuning(length: 2), on: dataset, with: "./tiny")
            .steps(2).batchSize(2).evaluate(every: 2, limit: 2)
        }

        var plan: Plan {
          run(.genEntailment).after(run(.genParaphrase).seeds(9)).seeds(1...2)
          Run(PromptTuning(length: 2), on: [.genSentiment, .genEntailment], with: "./tiny")
            .steps(4).batchSize(2).evaluate(every: 2, limit: 2).mixing(.equal)
        }
      }
      """, to: "transfer.swift")
    let plan = try process.dept("plan", "transfer.swift", "--json").json()
    #expect(plan["planned"] as? Int == 4)
    #expect(plan["sources"] as? Int == 1)
    let runs = try #require(plan["runs"] as? [[String: Any]])
    #expect(runs.map { $0["isSource"] as? Bool } == [true, nil, nil, nil])
    let text = try process.dept("plan", "transfer.swift").output
    #expect(text.contains("1 of them for others to start from: pt on gen-paraphrase, seed 9"))

    let outcome = try process.dept("run", "transfer.swift", "--jobs", "2", "--json")
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(try outcome.json()["succeeded"] as? Int == 4)
    let report = try process.read("reports/transfer/report.md")
    #expect(report.contains("Prompt tuning on Paraphrase"))
    #expect(report.contains("2 tasks, equal"))

    let listed = try process.dept("runs", "list", "--where", "tasks = 2", "--json").output
    let found = try JSONSerialization.jsonObject(with: Data(listed.utf8)) as? [[String: Any]]
    let multi = try #require(found?.first)
    #expect(multi["dataset"] as? String == "gen-sentiment+gen-entailment")
    #expect(multi["datasets"] as? [String] == ["gen-sentiment", "gen-entailment"])
    #expect(multi["tasks"] as? Int == 2)
    let scores = try #require((multi["scores"] as? [String: [String: Double]])?["test"])
    #expect(
      scores.keys.sorted() == ["gen-entailment/accuracy", "gen-sentiment/accuracy", "mean"])

    let after = try process.dept("runs", "list", "--where", "sources ~ paraphrase", "--json").output
    let started = try JSONSerialization.jsonObject(with: Data(after.utf8)) as? [[String: Any]]
    #expect(started?.count == 2)
    let ids = started?.compactMap { ($0["sources"] as? [String])?.first } ?? []
    #expect(ids.count == 2 && Set(ids).count == 1)
    let id = try #require(started?.first?["id"] as? String)
    let shown = try process.dept("runs", "show", id).output
    #expect(shown.contains("pt on gen-paraphrase, seed 9"))
    #expect(shown.contains(ids[0].prefix(12)))
    #expect(try process.dept("run", "transfer.swift", "--json").json()["cached"] as? Int == 4)
  }
}
