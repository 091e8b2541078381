import Foundation
import Testing

@Suite(
  .serialized,
  .enabled(if: DeptProcess.isPossible, "dept or the tiny backbone was not built with the tests"))
struct WatchTests {
  private let process: DeptProcess

  init() throws { process = try DeptProcess() }

  private func report() -> String { (try? process.read("reports/sweep/report.md")) ?? "" }

  @Test("changes, mistakes, mending and runs that end elsewhere are seen; none is started")
  func wholePath() throws {
    defer { process.remove() }
    try process.write(DeptProcess.experiment(), to: "sweep.swift")
    let watch = try process.begin("watch", "sweep.swift", "--interval", "0.05", "--reload")
    defer { watch.kill() }
    #expect(watch.waits { watch.said.output.contains("report: reports/sweep/index.html") })
    #expect(watch.said.output.contains("sweep: 2 runs: 0 cached, 2 to run"))
    #expect(report().contains("*running: 2 of 2 runs to come*"))
    #expect(try process.read("reports/sweep/index.html").contains("http-equiv=\"refresh\""))

    try process.write(DeptProcess.experiment(rank: 3), to: "sweep.swift")
    #expect(
      watch.waits { watch.said.output.contains("2 runs: 2 new, 2 removed, 0 cached, 2 to run") })

    try process.write(DeptProcess.experiment("let x: Int = \"\"", rank: 3), to: "sweep.swift")
    #expect(watch.waits { watch.said.errors.contains("sweep.swift:6:18: error:") })
    #expect(watch.waits { report().contains("*stale: ") })

    try process.write(
      DeptProcess.experiment("Run(LoRA(), on: \"sst3\", with: \"./tiny\")"), to: "sweep.swift")
    #expect(
      watch.waits { watch.said.errors.contains("sweep.swift:6: error: there is no data set") })

    try process.write(DeptProcess.experiment(rank: 3), to: "sweep.swift")
    #expect(watch.waits { report().contains("*running: 2 of 2 runs to come*") })
    #expect(
      !FileManager.default.fileExists(
        atPath: process.folder.appending(path: ".dept/store.sqlite").path))

    let run = try process.dept("run", "sweep.swift", "--no-report")
    #expect(run.code == 0, "\(run.errors)")
    #expect(watch.waits { watch.said.output.contains("sweep: 2 of 2 runs done") })
    #expect(watch.waits { report().contains("LoRA") && !report().contains("*running") })
    #expect(try process.read("reports/sweep/index.html").contains("http-equiv=\"refresh\""))

    watch.send(SIGINT)
    #expect(try watch.wait().code == 130)
    #expect(try !process.read("reports/sweep/index.html").contains("http-equiv=\"refresh\""))
    #expect(try process.dept("report", "sweep.swift", "--check").code == 0)
  }

  @Test("with --run what is missing is started after every change")
  func running() throws {
    defer { process.remove() }
    try process.write(DeptProcess.experiment(), to: "sweep.swift")
    let watch = try process.begin("watch", "sweep.swift", "--interval", "0.05", "--run")
    defer { watch.kill() }
    #expect(watch.waits { watch.said.output.contains("sweep: 2 of 2 runs done") })
    #expect(watch.waits { !report().contains("*running") && report().contains("LoRA") })
    try process.write(DeptProcess.experiment(rank: 3), to: "sweep.swift")
    #expect(
      watch.waits {
        watch.said.output.components(separatedBy: "sweep: 2 of 2 runs done").count == 3
      })
    watch.send(SIGTERM)
    #expect(try watch.wait().code == 143)
    #expect(try process.runIDs().count == 4)
  }

  @Test("a run that fails is shown as failed in every cell of results, until it is planned no more")
  func failing() throws {
    defer { process.remove() }
    let source = """
      import Dept

      @main struct Sweep: Experiment {
        var plan: Plan {
          Run(PromptTuning(length: 2), on: .genSentiment, with: "./tiny")
            .steps(3).batchSize(2).evaluate(every: 3, limit: 2).learningRate(0.1, 1e39)
        }
        var report: Report {
          Note("What a failure looks like.")
          PivotTable(rows: .method, columns: .dataset)
          Provenance()
        }
      }
      """
    try process.write(source, to: "sweep.swift")
    let watch = try process.begin("watch", "sweep.swift", "--interval", "0.05", "--run")
    defer { watch.kill() }
    #expect(watch.waits { watch.said.output.contains("sweep: 1 of 2 runs done, 1 failed") })
    var text = ""
    #expect(
      watch.waits {
        text = report()
        return text.contains("*failed: 1 of 2 runs failed*") && text.contains("## Provenance")
      })
    #expect(text.contains("1 of 2 runs done · 1 failed"), "\(text)")
    #expect(text.components(separatedBy: "*failed: 1 of 2 runs failed*").count == 3, "\(text)")
    #expect(!text.contains("*running"))
    #expect(
      try process.read("reports/sweep/index.html").contains(
        "<p class=\"state failed\"><b>failed</b> 1 of 2 runs failed</p>"))
    #expect(watch.waits { watch.said.errors.contains("The loss became ") })
    #expect(watch.said.errors.contains("try a learning rate below 1e+39"))

    // What failed is not tried again with the next change; without it the report is sound.
    try process.write(source.replacing("1e39", with: "0.2"), to: "sweep.swift")
    #expect(watch.waits { watch.said.output.contains("sweep: 2 of 2 runs done") })
    #expect(watch.waits { !report().contains("*failed") && !report().contains("*running") })
    #expect(watch.waits { report().contains("2 runs · 2 configurations") })
    watch.send(SIGINT)
    #expect(try watch.wait().code == 130)
    let attempts = "SELECT attempts FROM v_runs WHERE state = 'failed'"
    #expect(try process.query(attempts) == "attempts\n1\n")
  }

  @Test("what cannot be watched is refused")
  func refused() throws {
    defer { process.remove() }
    #expect(try process.dept("watch", "nothing.swift").code == 66)
    #expect(try process.dept("watch", "plan.json").code == 2)
    #expect(try process.dept("watch", "sweep.swift", "--interval", "0").code == 2)
  }

  @Test("a cell that throws shows it in its place, the others stay, and the exit code is 1")
  func brokenCell() throws {
    defer { process.remove() }
    let source = """
      import Dept

      struct Broken: Cell {
        struct Trouble: Error, CustomStringConvertible { let description = "no such column" }
        func blocks(_ results: ResultSet) throws -> [Block] { throw Trouble() }
      }

      @main struct Sweep: Experiment {
        var plan: Plan {
          Run(LoRA(rank: 2), on: .genSentiment, with: "./tiny").steps(1).batchSize(2)
            .evaluate(every: 1, limit: 2)
        }
        var report: Report {
          PivotTable(rows: .method, columns: .dataset)
          Broken()
          Provenance()
        }
      }
      """
    try process.write(source, to: "sweep.swift")
    let run = try process.dept("run", "sweep.swift")
    #expect(run.code == 1)
    #expect(run.output.contains("1 succeeded"))
    #expect(run.errors.contains("cell 2 of the report (Broken) failed: no such column"))
    let text = report()
    #expect(text.contains("*failed: cell 2 of the report (Broken) failed: no such column*"))
    #expect(text.contains("LoRA") && text.contains("## Provenance"))
    #expect(try process.read("reports/sweep/index.html").contains("<p class=\"state failed\">"))
    let outcome = try process.dept("report", "sweep.swift")
    #expect(outcome.code == 1)
    #expect(outcome.output == "reports/sweep/index.html\n")
    #expect(try process.dept("report", "sweep.swift", "--check").code == 0)

    // The file asks for more runs than the store's plan of it has.
    try process.write(source.replacing("rank: 2", with: "rank: 3"), to: "sweep.swift")
    #expect(try process.dept("report", "sweep.swift").code == 1)
    #expect(report().contains("*stale: the experiment asks for other runs by now"))
  }
}
