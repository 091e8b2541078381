import Foundation
import Testing

/// Searches, from the file to the table.
@Suite(
  .serialized,
  .enabled(if: DeptProcess.isPossible, "dept or the tiny backbone was not built with the tests"))
struct SearchTests {
  private let process: DeptProcess

  init() throws { process = try DeptProcess() }

  private static func search(rates: String = "1e-3, 3e-2", method: String = "LoRA(rank: 2)")
    -> String
  {
    """
    import Dept

    @main struct Search: Experiment {
      var plan: Plan {
        Note("# Which rate?")
        Plan {
          for dataset in [DatasetID.genSentiment, .genParaphrase] {
            Run(\(method), on: dataset, with: "./tiny").learningRate(\(rates))
          }
        }
        .selecting(.best(on: .validation), perTask: true, thenSeeds: 1...2)
        .steps(2).batchSize(2).evaluate(every: 2, limit: 4).decoding(.labels)
      }
    }
    """
  }

  /// What the store has of the experiment, without times.
  private func record(_ home: String = ".dept") throws -> String {
    try process.dept(
      [
        "query", "--sql",
        """
        SELECT run.id, role, selection, state, scores FROM experiment_run
        JOIN run ON run.key = run LEFT JOIN run_summary USING (run)
        WHERE wanted ORDER BY position
        """, "--csv",
      ], environment: ["DEPT_HOME": process.folder.appending(path: home).path]
    ).output
  }

  @Test("a search is planned, carried out, then its winners with all seeds, and reported")
  func wholePath() throws {
    defer { process.remove() }
    try process.write(Self.search(), to: "sweep.swift")
    let before = try process.dept("plan", "sweep.swift")
    #expect(before.code == 0, "\(before.errors)")
    #expect(before.output.contains("4 to search, then 2 × 2 replicates of winners"))
    #expect(before.output.contains("0 cached, 4 to run"))
    // A part of the candidates decides nothing.
    let part = try process.dept("run", "sweep.swift", "--limit", "3", "--no-report", "--json")
      .json()
    #expect(part["succeeded"] as? Int == 3)
    let verdicts = (part["searches"] as? [[String: Any]])?.compactMap { $0["verdict"] as? String }
    #expect(verdicts == ["decided", "open"] || verdicts == ["open", "open"])

    let run = try process.dept("run", "sweep.swift", "--json")
    #expect(run.code == 0, "\(run.errors)")
    let summary = try run.json()
    #expect(summary["planned"] as? Int == 6 && summary["cached"] as? Int == 3)
    #expect(summary["succeeded"] as? Int == 3 && summary["failed"] as? Int == 0)
    let searches = try #require(summary["searches"] as? [[String: Any]])
    #expect(searches.count == 2)
    for search in searches {
      #expect(search["verdict"] as? String == "decided" && search["tried"] as? Int == 2)
      let winner = try #require(search["winner"] as? [String: Any])
      #expect([1e-3, 3e-2].contains(winner["learningRate"] as? Double ?? 0))
    }
    let roles = try process.query(
      "SELECT role, count(*), count(selection) FROM experiment_run GROUP BY role ORDER BY role")
    #expect(roles.contains("listed,4,4") && roles.contains("search,2,0"))

    let report = try process.read("reports/sweep/report.md")
    #expect(report.contains("# Which rate?"))
    #expect(report.contains("Configurations were chosen on validation among 2 with one seed."))
    #expect(report.contains("Identities of 4 runs of searches"))
    #expect(try process.dept("report", "sweep.swift", "--check").code == 0)

    // Again nothing is to do, and what was decided is shown.
    let again = try process.dept("run", "sweep.swift", "--no-report")
    #expect(again.output.contains("6 runs: 6 cached, 0 succeeded"))
    let after = try process.dept("plan", "sweep.swift")
    #expect(after.output.contains("winner: lora on gen-sentiment with ./tiny: learningRate = "))
    #expect(after.output.contains("6 cached, 0 to run"))
    // A plan that was written down searches as well.
    try process.write(try process.dept("plan", "sweep.swift", "--json").output, to: "later.json")
    let later = try process.dept("run", "later.json", "--no-report", "--json").json()
    #expect(later["cached"] as? Int == 6)
  }

  @Test("whenever it is killed, the same command goes on to the same results")
  func killed() throws {
    defer { process.remove() }
    try process.write(Self.search(), to: "sweep.swift")
    let whole = try process.dept(
      ["run", "sweep.swift", "--no-report"],
      environment: ["DEPT_HOME": process.folder.appending(path: "other").path])
    #expect(whole.code == 0, "\(whole.errors)")
    #expect(try process.dept("plan", "sweep.swift").code == 0)
    for pause in [0.6, 1.2] {
      let running = try process.begin("run", "sweep.swift", "--no-report")
      Thread.sleep(forTimeInterval: pause)
      running.kill()
      _ = try running.wait()
    }
    let rest = try process.dept("run", "sweep.swift", "--no-report")
    #expect(rest.code == 0, "\(rest.errors)")
    #expect(try record() == record("other"))
    #expect(try record().split(separator: "\n").count == 1 + 6)
  }

  @Test("a candidate that fails is tried once, and a winner's runs are a part of the plan")
  func oneFailed() throws {
    defer { process.remove() }
    try process.write(
      Self.search(rates: "1e-3, 1e35", method: "FullFineTuning()")
        .replacing(".steps(2)", with: ".steps(12).clip(0)"), to: "sweep.swift")
    let run = try process.dept("run", "sweep.swift", "--retry-failed", "--no-report", "--json")
    #expect(run.code == 1, "\(run.errors)")
    let summary = try run.json()
    #expect(summary["failed"] as? Int == 2 && summary["succeeded"] as? Int == 4)
    let attempts = try process.query(
      "SELECT state, attempts, count(*) FROM v_runs GROUP BY state, attempts ORDER BY state")
    #expect(attempts.contains("failed,1,2") && attempts.contains("succeeded,1,4"), "\(attempts)")
    let winner = try process.dept(
      "plan", "sweep.swift", "--explain", "dataset = gen-sentiment and seed = 2")
    #expect(winner.code == 0, "\(winner.errors)")
    #expect(winner.output.contains("it has succeeded"), "\(winner.output)")
  }

  @Test("a search whose candidates all failed says so")
  func allFailed() throws {
    defer { process.remove() }
    // A rate so high that the loss is no number any more.
    try process.write(
      Self.search(rates: "1e30, 1e35", method: "FullFineTuning()")
        .replacing(".steps(2)", with: ".steps(12).clip(0)"), to: "sweep.swift")
    for _ in 0..<2 {
      let run = try process.dept("run", "sweep.swift", "--no-report")
      #expect(run.code == 1, "\(run.output)\(run.errors)")
      #expect(
        run.output.contains(
          "the search for ft on gen-sentiment with ./tiny has no winner: all 2 candidates failed"),
        "\(run.output)")
    }
    let plan = try process.dept("plan", "sweep.swift")
    #expect(plan.output.contains("has no winner") && plan.output.contains("4 failed before"))
  }
}
