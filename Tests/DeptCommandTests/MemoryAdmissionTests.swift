import Foundation
import Testing

/// Several runs at the same time, as far as memory allows.
@Suite(
  .serialized,
  .enabled(if: DeptProcess.isPossible, "dept or the tiny backbone was not built with the tests"))
struct MemoryAdmissionTests {
  private let process: DeptProcess

  init() throws { process = try DeptProcess() }

  /// The most attempts that went on at the same moment, of those with a number.
  private func most(attempt: Int) throws -> [String] {
    try process.rows(
      """
      WITH one AS (SELECT * FROM attempt WHERE n = \(attempt))
      SELECT max((SELECT count(*) FROM one AS other WHERE other.started_at <= one.started_at
        AND other.finished_at > one.started_at)) AS most FROM one
      """)
  }

  @Test("two jobs are two processes at work, unless memory is there for one only")
  func jobs() throws {
    defer { process.remove() }
    try process.write(
      """
      import Dept

      @main struct Sweep: Experiment {
        var plan: Plan {
          Run(PromptTuning(length: 2), on: .genSentiment, with: .nano)
            .steps(150).batchSize(4).evaluate(every: 150, limit: 2).seeds(1...4)
        }
      }
      """, to: "sweep.swift")
    let first = try process.dept("run", "sweep.swift", "--no-report", "--only", "seed = 1")
    #expect(first.code == 0, "\(first.errors)")
    let peaks = try process.rows("SELECT max(peak_bytes) FROM v_runs")
    let peak = try #require(peaks.first.flatMap(Int.init))

    let narrow = try process.dept(
      "run", "sweep.swift", "--no-report", "--jobs", "2", "--memory-total", "\(peak / 2 * 3)")
    #expect(narrow.code == 0 && narrow.output.contains("1 cached, 3 succeeded"))
    #expect(try process.attempts().map(\.n) == [1, 1, 1, 1])
    #expect(try most(attempt: 1) == ["1"])

    let wide = try process.dept(
      "run", "sweep.swift", "--no-report", "--force", "--jobs", "2", "--memory-total", "8G")
    #expect(wide.code == 0 && wide.output.contains("4 runs: 4 succeeded"))
    #expect(try most(attempt: 2) == ["2"])
    let processes = "SELECT count(DISTINCT pid || ' ' || process_start) FROM attempt WHERE n = 2"
    #expect(try process.rows(processes) == ["2"])
  }
}
