import Foundation
import Testing

/// Epochs, seconds and early stopping, from an experiment's file to its report.
@Suite(
  .serialized,
  .enabled(if: DeptProcess.isPossible, "dept or the tiny backbone was not built with the tests"))
struct BudgetRunTests {
  private let process: DeptProcess

  init() throws { process = try DeptProcess() }

  private func experiment(_ runs: String, report: String = "") -> String {
    """
    import Dept

    @main struct Sweep: Experiment {
      var plan: Plan {
        Plan {
          \(runs)
        }
        .fewShot(10).evaluate(every: 2, limit: 2)
      }
      \(report)
    }
    """
  }

  private func run(_ dataset: String = ".genSentiment") -> String {
    "Run(LoRA(rank: 2), on: \(dataset), with: \"./tiny\")"
  }

  /// The last step of each run's losses, in the order of the plan.
  private func lastSteps(_ condition: String = "1") throws -> [Int] {
    try process.query(
      """
      SELECT m.last_step FROM v_metrics m JOIN v_runs r ON r.id = m.run
      WHERE m.metric = 'train/loss' AND \(condition)
      ORDER BY json_extract(r.schedule, '$.epochs'), json_extract(r.schedule, '$.batchTokens')
      """
    ).split(separator: "\n").dropFirst().compactMap { Int($0) }
  }

  @Test("epochs become steps once the examples are known: few of them, or so many tokens a step")
  func epochs() throws {
    defer { process.remove() }
    try process.write(
      experiment(
        """
        \(run()).batchSize(4).epochs(0.5, 2)
        \(run()).batchTokens(1).epochs(3)
        """, report: "var report: Report { PivotTable(rows: .epochs, columns: .dataset) }"),
      to: "sweep.swift")
    let plan = try process.dept("plan", "sweep.swift", "--json").json()
    #expect(plan["planned"] as? Int == 3)
    let outcome = try process.dept("run", "sweep.swift")
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("3 runs: 3 succeeded"), "\(outcome.output)")
    // Ten examples: five in batches of 4, twenty in batches of 4, and thirty one by one.
    #expect(try lastSteps() == [2, 5, 30])
    #expect(try process.read("reports/sweep/report.md").contains("Epochs"))
    let listed = try process.dept("runs", "list", "--where", "epochs = 3", "--json").output
    let runs = try JSONSerialization.jsonObject(with: Data(listed.utf8)) as? [[String: Any]]
    #expect(runs?.count == 1)
    #expect(try process.dept("run", "sweep.swift", "--json").json()["cached"] as? Int == 3)
  }

  @Test("a run ends after its seconds or its patience, and is tested like any other")
  func endings() throws {
    defer { process.remove() }
    try process.write(
      experiment(
        """
        \(run()).steps(100_000).seconds(0.05)
        \(run()).steps(40).earlyStopping(patience: 2)
        """,
        report: "var report: Report { PivotTable(rows: .budget, columns: .dataset); CostTable() }"),
      to: "sweep.swift")
    let outcome = try process.dept("run", "sweep.swift")
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("2 runs: 2 succeeded"), "\(outcome.output)")
    let timed = try lastSteps("json_extract(r.schedule, '$.seconds') IS NOT NULL")
    #expect(timed.count == 1)
    #expect(timed.allSatisfy { (1..<100_000).contains($0) })
    // Random weights answer nothing right, so that the first validation stays the best.
    #expect(try lastSteps("json_extract(r.schedule, '$.seconds') IS NULL") == [6])
    let scores = try process.query("SELECT count(*) FROM v_scores WHERE split = 'test'")
    #expect(scores.contains("2"), "\(scores)")
    let report = try process.read("reports/sweep/report.md")
    #expect(report.contains("0.05 s"), "\(report)")
    #expect(report.contains("2 validations without a gain"))
  }

  @Test("mistakes of budgets are sentences with their line, and nothing runs")
  func mistakes() throws {
    defer { process.remove() }
    try process.write(
      experiment("\(run()).epochs(-1).seconds(0).earlyStopping(patience: 0)"), to: "sweep.swift")
    let outcome = try process.dept("run", "sweep.swift")
    #expect(outcome.code == 2 || outcome.code == 65, "\(outcome.code)")
    for sentence in [
      "`epochs` is -1.0; it has to be a number above 0",
      "`seconds` is 0.0; it has to be a number above 0", "the patience of `.earlyStopping` is 0",
    ] {
      #expect((outcome.errors + outcome.output).contains(sentence), "\(outcome.errors)")
    }
  }

  @Test("early stopping where nothing is validated fails with what to do")
  func nothingToJudge() throws {
    defer { process.remove() }
    try process.write(
      experiment("\(run("\"./one.jsonl\"")).steps(4).earlyStopping(patience: 2)")
        .replacing(".fewShot(10)", with: ""),
      to: "sweep.swift")
    for split in ["train", "test"] {
      try process.write(#"{"source": "a", "target": "b"}"# + "\n", to: "one.\(split).jsonl")
    }
    try process.write("", to: "one.validation.jsonl")
    let outcome = try process.dept("run", "sweep.swift", "--no-report")
    #expect(outcome.code == 1, "\(outcome.code) \(outcome.errors)")
    #expect(
      outcome.output.contains("one.validation.jsonl holds no example, and one is needed"),
      "\(outcome.output)")
  }

  @Test("dept train stops after a checkpoint at SIGUSR1, and the same command goes on")
  func train() throws {
    defer { process.remove() }
    let command = """
      "$DEPT" train --backbone ./tiny --method lora --set rank=2 --train tiny/train.jsonl \
      --validation tiny/score.jsonl --batch-size 2 --evaluate-every 5 --output out
      """
    let stopped = try process.shell(
      """
      \(command) --steps 1000000 & pid=$!
      while [ ! -e out/checkpoint.safetensors ]; do sleep 0.05; done
      kill -USR1 $pid; wait $pid
      """)
    #expect(stopped.code == 85, "\(stopped.errors)")
    #expect(stopped.errors.contains("Stopped after step "), "\(stopped.errors)")
    let last = try process.read("out/metrics.jsonl").split(separator: "\n").count
    let again = try process.shell(
      """
      \(command) --steps 1000000 & pid=$!
      while [ $(wc -l < out/metrics.jsonl) -le \(last + 3) ]; do sleep 0.05; done
      kill -TERM $pid; wait $pid
      """)
    #expect(again.code == 85, "\(again.errors)")
  }
}
