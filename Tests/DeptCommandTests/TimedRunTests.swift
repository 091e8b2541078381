import Foundation
import Testing

@Suite(
  .enabled(if: DeptProcess.isPossible, "dept or the tiny backbone was not built with the tests"))
struct TimedRunTests {
  private static let experiment = """
    import Dept

    @main struct Sweep: Experiment {
      var plan: Plan {
        for dataset in [DatasetID.length(24), .lengths(of: .sst2)] {
          Plan {
            Run(DePT(promptLength: 2, rank: 3), on: dataset, with: .random("./tiny"))
            Run(PromptTuning(length: 6), on: dataset, with: .random("./tiny"))
          }
          .timing(.training, .inference)
          .steps(3)
          .batchSize(2)
        }
      }
      var report: Report {
        Savings(.stepTime, against: "pt", along: .promptLength)
        Savings(.peakMemory, against: "pt")
        Savings(.samplesPerSecond, against: "pt", along: .promptLength, lines: .methodName)
        Provenance()
      }
    }
    """

  @Test("runs are timed one at a time, each in a process of its own, and once")
  func wholePath() throws {
    let process = try DeptProcess()
    defer { process.remove() }
    try process.write(Self.experiment, to: "sweep.swift")
    let first = try process.dept("run", "sweep.swift", "--jobs", "2")
    #expect(first.code == 0, "\(first.errors)")
    #expect(first.output.contains("8 runs: 8 succeeded"), "\(first.output)")
    #expect(first.errors.contains("one at a time"))
    let report = try process.read("reports/sweep/report.md")
    #expect(report.contains("DePT (m=2, r=3)"))
    #expect(report.contains("Milliseconds per step"))
    #expect(report.contains("Lengths of SST-2"))
    #expect(report.contains("Gained"))
    #expect(!report.contains("nothing is measured"))
    #expect(try process.read("reports/sweep/index.html").contains("<svg"))

    let points = try process.query(
      "SELECT metric, sum(count) FROM v_metrics WHERE metric LIKE '%second%' GROUP BY metric")
    #expect(points.contains("train/seconds,12"), "\(points)")
    #expect(points.contains("inference/samples-per-second,12"), "\(points)")
    // A process identifier may come again, its time of start does not.
    let processes = try process.query(
      "SELECT count(DISTINCT pid || ' ' || process_start) AS n FROM attempt")
    #expect(processes.contains("8"), "\(processes)")

    let listed = try process.dept("runs", "list", "--json")
    #expect(listed.output.contains("tiny:random"))
    let second = try process.dept("run", "sweep.swift", "--json").json()
    #expect(second["cached"] as? Int == 8)
  }

  @Test("commands for one run take random weights by name")
  func oneRun() throws {
    let process = try DeptProcess()
    defer { process.remove() }
    let counted = try process.dept(
      "params", "--backbone", "t5-base:random", "--method", "pt", "--json")
    #expect(try counted.json()["trainable"] as? Int == 76_800)
    let ids = try process.dept(
      ["tokenize", "--backbone", "t5-small:random", "--json"], input: "5 6 7\n")
    #expect(ids.output == "[5,6,7,1]\n")
    let bench = try process.dept(
      "bench", "train", "--backbone", "./tiny", "--random", "--method", "pt", "--set", "length=2",
      "--batch-size", "1", "--source-length", "4", "--steps", "1", "--json")
    #expect(bench.code == 0, "\(bench.errors)")
    let stats = try process.dept(
      "data", "stats", "length-30", "--backbone", "t5-small:random", "--json")
    #expect(stats.output.contains("\"max\" : 30"), "\(stats.output)")
    #expect(try process.dept("params", "--backbone", "none:random", "--method", "pt").code != 0)
  }
}
