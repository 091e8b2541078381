import Documents
import Experiments
import Foundation
import Testing

@testable import ScriptRunner

@Suite(.enabled(if: ScriptWorkshop.isPossible, "the script library was not built with the tests"))
struct ReportEvaluationTests {
  @Test("axes of a report that do not fit are told with their line")
  func axes() async throws {
    let workshop = try ScriptWorkshop()
    defer { workshop.remove() }
    let script = try await workshop.compile(
      try workshop.write(
        """
        import Dept

        @main struct Sweep: Experiment {
          var plan: Plan {
            \(ScriptWorkshop.oneRun)
          }
          var report: Report {
            for (a, _) in zip([1, 2], [1]) { Note("\\(a)") }
          }
        }
        """))
    let empty = ResultSet(experiment: "sweep", runs: [])
    let error = await #expect(throws: ScriptError.self) {
      try await script.report(on: empty, environment: ScriptWorkshop.environment)
    }
    #expect(
      error?.description.contains(
        "sweep.swift:8: the axes of zip have 2 and 1 values; give all the same number") == true,
      "\(String(describing: error))")
  }

  @Test("a report of a script shows notes first, and cannot reach the internet")
  func notes() async throws {
    let workshop = try ScriptWorkshop()
    defer { workshop.remove() }
    let script = try await workshop.compile(
      try workshop.write(
        """
        import Dept
        import Foundation

        @main struct Sweep: Experiment {
          var plan: Plan {
            Note("# Asked")
            \(ScriptWorkshop.oneRun)
            Note("of the plan")
          }
          var report: Report { Note("socket \\(socket(AF_INET, numericCast(1), 0) >= 0)") }
        }
        """))
    let empty = ResultSet(experiment: "sweep", runs: [])
    let document = try await script.report(
      on: empty, environment: ScriptWorkshop.environment
    ).value
    #expect(document.title == "Asked")
    #if os(Linux)
    #expect(
      document.blocks == [.note(markdown: "of the plan"), .note(markdown: "socket false")])
    #endif
  }
}
