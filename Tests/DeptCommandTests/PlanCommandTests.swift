import Foundation
import Testing

@Suite(
  .serialized,
  .enabled(if: DeptProcess.isPossible, "dept or the tiny backbone was not built with the tests"))
struct PlanCommandTests {
  private let process: DeptProcess

  init() throws { process = try DeptProcess() }

  /// Two sound runs and one whose rate makes it diverge.
  private static func sweep(steps: Int = 3, rates: String = "0.1, 0.2, 1e39") -> String {
    """
    import Dept

    @main struct Sweep: Experiment {
      var plan: Plan {
        Run(PromptTuning(length: 2), on: .genSentiment, with: "./tiny")
          .steps(\(steps)).batchSize(2).evaluate(every: 3, limit: 2).learningRate(\(rates))
      }
    }
    """
  }

  @Test("what was run decides what is predicted, what is left and what is said of failures")
  func afterRuns() throws {
    defer { process.remove() }
    try process.write(Self.sweep(), to: "sweep.swift")
    let before = try process.dept("plan", "sweep.swift")
    #expect(before.code == 0, "\(before.errors)")
    #expect(before.output.contains("0 cached, 3 to run"))
    #expect(before.output.contains("no run like these was measured on this machine yet"))
    let first = try process.dept("run", "sweep.swift", "--no-report", "--json")
    #expect(first.code == 1)
    #expect(try first.json()["failed"] as? Int == 1, "\(first.output)")

    // A second time it is not tried, and that is said with the reason.
    let again = try process.dept("run", "sweep.swift", "--no-report")
    #expect(again.code == 1)
    #expect(again.output.contains("1 failed"), "\(again.output)")
    #expect(again.output.contains("✗ pt on gen-sentiment, seed 1"))
    #expect(again.output.contains("--retry-failed tries it again"))

    // A fourth rate and more steps: what failed, what leaves, what the new ones take.
    try process.write(Self.sweep(rates: "0.1, 0.3, 1e39"), to: "sweep.swift")
    let text = try process.dept("plan", "sweep.swift").output
    #expect(text.contains("1 cached, 1 to run, 1 failed before"), "\(text)")
    #expect(text.contains("1 of the last plan are wanted no more and stay in the store"))
    #expect(text.hasPrefix("sweep: 3 runs\n"), "\(text)")
    #expect(text.contains("\n  method        pt (3)\n"), "\(text)")
    #expect(text.contains("\n  learningRate  0.1 (1)  0.3 (1)  1e+39 (1)\n"), "\(text)")
    let line = /about [^,]+ in one process, (\d+) MiB at the most: (\d+) MiB of weights and/
    let match = try #require(text.firstMatch(of: line), "\(text)")
    let (all, weights) = (Int(match.output.1) ?? 0, Int(match.output.2) ?? 0)
    #expect(all > weights && text.contains(" MiB a run, "), "\(text)")
    let plan = try process.dept("plan", "sweep.swift", "--json", "--jobs", "1").json()
    #expect(plan["failed"] as? Int == 1)
    #expect((plan["predictedSeconds"] as? Double ?? 0) > 0)
    let peak = try #require(plan["predictedPeakBytes"] as? Int)
    let (own, shared) = (plan["predictedOwnBytes"] as? Int, plan["sharedBytes"] as? Int)
    #expect((own ?? 0) > 0 && (shared ?? 0) > 0 && peak == (own ?? 0) + (shared ?? 0))
    #expect(peak >> 20 == all)
    let forecast = try #require(plan["forecast"] as? [String: Any])
    let group = try #require((forecast["groups"] as? [[String: Any]])?.first)
    #expect(group["basis"] as? String == "same")
    #expect((group["diskBytes"] as? Int ?? 0) > 0)
    let failures = try #require(plan["failures"] as? [[String: Any]])
    #expect(failures.first?["kind"] as? String == "diverged")

    // The order in which runs are started is said where it is not the plan's own.
    #expect(!text.contains("the cheapest first"))
    let cheapest = Self.sweep(rates: "0.1, 0.3, 1e39")
      .replacing(".steps(", with: ".ordered(.cheapestFirst).steps(")
    try process.write(cheapest, to: "sweep.swift")
    let ordered = try process.dept("plan", "sweep.swift").output
    #expect(ordered.contains("\nthe cheapest first\n1 cached, 1 to run"), "\(ordered)")

    // What is carried out now has a prediction, which is judged afterwards.
    let second = try process.dept("run", "sweep.swift", "--no-report", "--json").json()
    #expect(second["succeeded"] as? Int == 1)
    try process.write(Self.sweep(rates: "0.1, 0.3, 0.5"), to: "sweep.swift")
    let judged = try process.dept("plan", "sweep.swift", "--json").json()
    let quality = try #require((judged["forecast"] as? [String: Any])?["quality"] as? [String: Any])
    #expect(quality["count"] as? Int == 1)
    // Runs of other threads do not count.
    let other = try process.dept("plan", "sweep.swift", "--jobs", "64").output
    #expect(other.contains("with other threads do not count") || other.contains(" in one process"))
  }

  @Test("a run is explained: cached, failed, or the nearest one with what differs")
  func explain() throws {
    defer { process.remove() }
    try process.write(Self.sweep(rates: "0.1, 1e39"), to: "sweep.swift")
    _ = try process.dept("run", "sweep.swift", "--no-report", "--json")
    try process.write(Self.sweep(rates: "0.1, 0.4, 1e39"), to: "sweep.swift")
    func explained(_ text: String) throws -> String {
      let outcome = try process.dept("plan", "sweep.swift", "--explain", text)
      #expect(outcome.code == 0, "\(outcome.errors)")
      return outcome.output
    }
    #expect(try explained("learningRate = 0.1").contains("it has succeeded: dept run leaves it"))
    #expect(try explained("learningRate > 1").contains("--retry-failed tries it again"))
    let new = try explained("learningRate = 0.4")
    #expect(new.contains("it was never started: dept run would carry it out"))
    #expect(new.contains("learningRate: 0.1 there, 0.4 here"), "\(new)")

    let run = try process.dept(
      "run", "sweep.swift", "--force", "--explain", "learningRate = 0.1", "--json")
    let json = try run.json()
    #expect(json["decision"] as? String == "repeat", "\(run.output)\(run.errors)")
    let id = try #require(json["run"] as? String)
    #expect(try explained(String(id.prefix(8))).contains(id.prefix(12)))
    _ = try process.dept("tag", id, "good")
    #expect(try explained("good").contains(id.prefix(12)))

    let several = try process.dept("plan", "sweep.swift", "--explain", "seed = 1")
    #expect(several.code == 2 && several.errors.contains("fits 3 runs of the plan"))
    let none = try process.dept("plan", "sweep.swift", "--explain", "nothing here")
    #expect(none.code == 66 && none.errors.contains("the plan has no run 'nothing here'"))
    let field = try process.dept("plan", "sweep.swift", "--explain", "learningRte = 1")
    #expect(field.code == 2 && field.errors.contains("learningRate"))
  }

  @Test("--limit, --only, --force and --retry-failed do what they say")
  func flags() throws {
    defer { process.remove() }
    try process.write(Self.sweep(), to: "sweep.swift")
    func run(_ flags: String...) throws -> [String: Any] {
      try process.dept(["run", "sweep.swift", "--no-report", "--json"] + flags).json()
    }
    func attempts() throws -> String {
      try process.query(
        """
        SELECT coalesce(group_concat(attempts), '') AS n FROM
          (SELECT attempts FROM v_runs ORDER BY json_extract(schedule, '$.learningRate'))
        """
      ).split(separator: "\n").last.map(String.init) ?? ""
    }
    #expect(try run("--limit", "1")["succeeded"] as? Int == 1)
    #expect(try run("--only", "learningRate = 0.2")["succeeded"] as? Int == 1)
    #expect(try run()["failed"] as? Int == 1)
    #expect(try attempts().contains("1,1,1"))
    #expect(try run()["cached"] as? Int == 2)
    #expect(try attempts().contains("1,1,1"))
    _ = try run("--retry-failed")
    #expect(try attempts().contains("1,1,2"))
    #expect(try run("--force", "--only", "learningRate = 0.1")["succeeded"] as? Int == 1)
    #expect(try attempts().contains("2,1,2"))
    let unknown = try process.dept("run", "sweep.swift", "--only", "learningRat = 1")
    #expect(unknown.code == 2 && unknown.errors.contains("learningRate"))
  }

  @Test("many mistakes at one line are summed up, and a plan without runs is refused")
  func manyMistakes() throws {
    defer { process.remove() }
    try process.write(
      Self.sweep(rates: "Array(repeating: 0.1, count: 500)")
        .replacing(".learningRate(", with: ".seeds(1...100).learningRate("), to: "many.swift")
    let many = try process.dept("plan", "many.swift")
    #expect(many.code == 65)
    #expect(many.errors.contains("is planned more than once; drop the repeated value or loop"))
    #expect(many.errors.contains("more issues like these"))
    #expect(many.errors.split(separator: "\n").count < 40)
    try process.write(
      "import Dept\n@main struct None: Experiment { var plan: Plan { Plan() } }", to: "none.swift")
    let none = try process.dept("plan", "none.swift")
    #expect(none.code == 65 && none.errors.contains("the plan has no runs; list at least one"))
    let file = try process.dept("plan", "none.swift", "--json").json()
    #expect(file["planned"] as? Int == 0)
  }

  @Test("a plan that never ends is stopped with a sentence")
  func endless() throws {
    defer { process.remove() }
    try process.write(
      """
      import Dept

      @main struct Endless: Experiment {
        var plan: Plan {
          var seed = 0
          while seed >= 0 { seed = (seed + 1) % 7 }
          return Run(LoRA(), on: .rte, with: .nano).seeds(seed)
        }
      }
      """, to: "endless.swift")
    let outcome = try process.dept("plan", "endless.swift")
    #expect(outcome.code == 65, "\(outcome.errors)")
    #expect(outcome.errors.contains("still described its plan after"), "\(outcome.errors)")
  }

  @Test("a run that another experiment wants is not said to be cancelled")
  func shared() throws {
    let process = try DeptProcess()
    defer { process.remove() }
    for name in ["one.swift", "two.swift"] {
      try process.write(DeptProcess.experiment().replacing("1...2", with: "1...3"), to: name)
      #expect(try process.dept("run", name, "--no-report", "--limit", "1").code == 0)
    }
    // Two runs are done; the third is not, and both experiments want it.
    try process.write(DeptProcess.experiment(), to: "one.swift")
    let kept = try process.dept("plan", "one.swift").output
    #expect(kept.contains("1 of the last plan are wanted no more and stay"), "\(kept)")
    #expect(!kept.contains("would be cancelled"))
    try process.write(DeptProcess.experiment(rank: 1), to: "two.swift")
    #expect(try process.dept("run", "two.swift", "--no-report").code == 0)
    let cancelled = try process.dept("plan", "one.swift").output
    #expect(cancelled.contains("1 of the last plan would be cancelled"), "\(cancelled)")
  }
}
