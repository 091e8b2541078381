import Documents
import Experiments
import Foundation
import Testing
import Training

@testable import ScriptRunner

@Suite(.enabled(if: ScriptWorkshop.isPossible, "the script library was not built with the tests"))
struct CompiledScriptTests {
  private let workshop: ScriptWorkshop
  private let environment = ScriptWorkshop.environment

  init() throws { workshop = try ScriptWorkshop() }

  private func plan(_ source: String, limit: Duration = .seconds(30)) async throws
    -> CompiledScript.Reply<RunPlan>
  {
    defer { workshop.remove() }
    let script = try await workshop.compile(try workshop.write(source))
    return try await script.plan(environment: environment, limit: limit)
  }

  @Test("a script says what it would run, with the line of every run")
  func plans() async throws {
    let reply = try await plan(
      """
      import Dept

      @main struct Sweep: Experiment {
        var plan: Plan {
          for dataset in [DatasetID.rte, .cb] {
            for (prompt, lowRank) in [(0.3, 0.3), (0.3, 5e-4)] {
              Run(DePT(promptLength: 40, rank: 45), on: dataset, with: .nano)
                .learningRates(prompt: prompt, lowRank: lowRank)
                .steps(2_000, warmup: 100)
                .seeds(1...3)
            }
          }
        }
      }
      """)
    #expect(reply.value.issues.isEmpty)
    #expect(reply.value.runs.count == 12)
    #expect(reply.value.runs.allSatisfy { $0.location?.line == 7 })
    #expect(reply.value.runs.allSatisfy { $0.location?.file.hasSuffix("sweep.swift") == true })
    #expect(reply.value.runs[3].spec.schedule.lowRankLearningRate == 5e-4)
    #expect(reply.printed.isEmpty)
  }

  @Test("what a script prints never gets between the replies")
  func noise() async throws {
    let reply = try await plan(
      ScriptWorkshop.experiment(
        """
        let _ = print("{\\"format\\": 9}")
        let _ = (0..<20_000).forEach { print("noise", $0) }
        \(ScriptWorkshop.oneRun)
        """))
    #expect(reply.value.runs.count == 1)
    #expect(reply.printed.contains("noise 19999"))
  }

  @Test("issues come back with the line that asked for the run")
  func issues() async throws {
    let reply = try await plan(
      ScriptWorkshop.experiment(
        "Run(PromptTuning(length: 4), on: \"ret\", with: .nano).steps(10, warmup: 20)"))
    #expect(
      reply.value.issues.map(\.message) == [
        "there is no data set 'ret'; did you mean 'rte'?",
        "the warm-up of 20 steps is longer than the 10 steps of the run; shorten it",
      ])
    #expect(reply.value.issues.allSatisfy { $0.location?.line == 5 })
  }

  @Test("a trap while planning is one sentence with the line of the script")
  func trap() async throws {
    let error = await #expect(throws: ScriptError.self) {
      try await plan(
        ScriptWorkshop.experiment(
          """
          let ranks = [4, 8]
            for index in 0...2 { Run(LoRA(rank: ranks[index]), on: .rte, with: .nano) }
          """))
    }
    guard case .trapped(_, .plan, let location, let reason, let trace)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(location?.line == 6)
    #expect(reason.contains("Index out of range"))
    #expect(trace.contains("sweep.swift"))
    #expect(error?.description.contains("sweep.swift:6: the experiment stopped") == true)
  }

  @Test("a plan that takes too long is ended")
  func sleeps() async throws {
    let start = ContinuousClock.now
    let error = await #expect(throws: ScriptError.self) {
      try await plan(
        ScriptWorkshop.experiment(
          """
          let _ = sleep(600)
          \(ScriptWorkshop.oneRun)
          """, others: "import Foundation"),
        limit: .seconds(2))
    }
    guard case .timedOut(_, .plan, 2)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    // Compiling counts too, and the machine may have much else to do.
    #expect(ContinuousClock.now - start < .seconds(300))
  }

  @Test("a script that calls exit is told not to")
  func exits() async throws {
    let error = await #expect(throws: ScriptError.self) {
      try await plan(
        ScriptWorkshop.experiment(
          """
          let _ = exit(3)
          \(ScriptWorkshop.oneRun)
          """, others: "import Foundation"))
    }
    #expect(error?.description.contains("ended with code 3") == true)
  }

  @Test("sets iterate in the same order every time, so a plan is always the same")
  func deterministic() async throws {
    defer { workshop.remove() }
    let script = try await workshop.compile(
      try workshop.write(
        ScriptWorkshop.experiment(
          "for seed in Set(1...40) { \(ScriptWorkshop.oneRun).seeds(seed) }")))
    let first = try await script.plan(environment: environment).value
    let second = try await script.plan(environment: environment).value
    #expect(first == second)
    #expect(first.runs.count == 40)
  }

  @Test("a method declared in the script travels as data")
  func ownMethod() async throws {
    let reply = try await plan(
      ScriptWorkshop.experiment(
        "Run(Scaled(width: 3), on: .rte, with: .nano)",
        others: """
          struct Scaled: TuningMethod {
            static let name = "scaled"
            static let title = "Scaled"
            static let reference = Citation("none")
            var width: Int
            var defaultLearningRates: LearningRates { LearningRates(0.01) }
            func adapt(_ backbone: Anatomy, into adaptation: inout Adaptation) {}
          }
          """))
    let method = reply.value.runs[0].spec.method
    #expect(method.name == "scaled" && method.hyperparameters == ["width": .integer(3)])
    // Its code has no name but the file's content: edited, it is another method.
    let digest = try #require(method.source)
    #expect(digest.count == 32 && digest != MethodDescription.thisFile)
    #expect(reply.value.runs[0].spec.schedule.learningRate == 0.01)
    #expect(reply.value.issues.isEmpty)
  }

  @Test("a report cell declared in the script writes blocks, and a cell that throws is named")
  func ownCell() async throws {
    defer { workshop.remove() }
    let script = try await workshop.compile(
      try workshop.write(
        """
        import Dept
        struct Count: Cell {
          func blocks(_ results: ResultSet) throws -> [Block] {
            if results.runs.isEmpty { throw Empty() }
            return [.note(markdown: "There are \\(results.runs.count) runs.")]
          }
        }
        struct Empty: Error, CustomStringConvertible { var description: String { "no runs yet" } }
        @main struct Sweep: Experiment {
          var plan: Plan { \(ScriptWorkshop.oneRun) }
          var report: Report {
            Note("# Counting")
            Count()
          }
        }
        """))
    let plan = try await script.plan(environment: environment).value
    let run = FrozenRun(
      id: RunID(rawValue: "0123456789abcdef"), experiment: "sweep", spec: plan.runs[0].spec,
      state: .queued)
    let document = try await script.report(
      on: ResultSet(experiment: "sweep", runs: [run]), environment: environment
    ).value
    #expect(document.title == "Counting")
    #expect(document.blocks == [.note(markdown: "There are 1 runs.")])
    let empty = try await script.report(
      on: ResultSet(experiment: "sweep", runs: []), environment: environment
    ).value
    #expect(empty.faults.count == 1)
    #expect(empty.faults.first?.contains("(Count) failed: no runs yet") == true)
    #expect(empty.title == "Counting")
  }

  @Test("started by hand, a script says how it is used")
  func byHand() async throws {
    defer { workshop.remove() }
    let script = try await workshop.compile(
      try workshop.write(ScriptWorkshop.experiment(ScriptWorkshop.oneRun)))
    let outcome = try await ChildProcess(
      executable: script.executable, arguments: [], environment: environment
    ).run()
    #expect(outcome.ending == .exited(ScriptExit.usage))
    #expect(outcome.errorText.contains("'dept run FILE.swift' carries it out"))
  }
}
