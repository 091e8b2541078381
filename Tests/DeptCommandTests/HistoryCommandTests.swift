import Backbones
import Datasets
import DeptTesting
import Experiments
import Foundation
import RunStorage
import Testing
import Training

@Suite(
  .enabled(if: DeptProcess.isPossible, "dept or the tiny backbone was not built with the tests"))
struct HistoryCommandTests {
  /// A home with two runs: one of 1000 points, and one that has none.
  private func process() throws -> DeptProcess {
    let process = try DeptProcess()
    let home = process.folder.appending(path: ".dept").path
    let writer = try StoreWriter(home: home, purpose: "test")
    let runs = ["1", "2"].map { digit in
      EnrolledRun(
        id: RunID(rawValue: String(repeating: digit, count: 64)),
        spec: RunSpec(
          backbone: "nano", dataset: "none",
          method: MethodDescription(name: "pt", hyperparameters: [:]),
          schedule: TrainingSchedule(), seed: 1))
    }
    try writer.enrol(runs, experiment: "e")
    let attempt = try writer.begin(runs[0].id, process: .current)
    let journal = try Journal(path: "\(home)/a.journal")
    for step in 1...1000 {
      let value = step == 500 ? .infinity : Double(step) / 10
      try journal.append(.metric(MetricPoint(step: step, name: "train/loss", value: value)))
    }
    journal.close()
    _ = try writer.fold(runs[0].id, attempt: attempt, journal: journal.path)
    return process
  }

  @Test("runs history prints as many columns as asked for, in every form")
  func forms() throws {
    let process = try process()
    defer { process.remove() }
    let command = ["runs", "history", "11", "--metric", "train/loss"]
    let text = try process.dept(command + ["--pixels", "10", "--json"])
    #expect(text.code == 0, "\(text.errors)")
    let listing = try #require(
      JSONSerialization.jsonObject(with: Data(text.output.utf8)) as? [[String: Any]])
    #expect(listing.count == 1)
    #expect(listing[0]["run"] as? String == String(repeating: "1", count: 64))
    #expect(listing[0]["points"] as? Int == 1000)
    let columns = try #require(listing[0]["columns"] as? [[String: Any]])
    #expect(columns.count == 10)
    #expect(columns.reduce(0) { $0 + ($1["points"] as? Int ?? 0) } == 1000)
    #expect(columns[0]["first_step"] as? Int == 1)
    #expect(columns[0]["min"] as? Double == 0.1)
    #expect(columns[9]["last_step"] as? Int == 1000)
    #expect(columns[9]["last"] as? Double == 100)
    #expect(columns.contains { $0["max"] as? String == "inf" })
    let lines = try process.dept(command + ["--csv"]).output.split(separator: "\n")
    #expect(lines[0] == "run,first_step,last_step,points,min,max,last")
    #expect(lines.count == 201)
    #expect(lines[1].hasSuffix(",1,5,5,0.1,0.5,0.5"))
    let picture = try process.dept(command)
    #expect(picture.output.contains("1000 points, 100 at step 1000"))
    #expect(picture.output.contains("⠀") && picture.output.contains("step 1 "))
    #expect(picture.output.split(separator: "\n").allSatisfy { $0.count < 100 })
  }

  @Test("runs history says which metrics there are")
  func refusals() throws {
    let process = try process()
    defer { process.remove() }
    func expect(_ arguments: [String], _ code: Int32, _ texts: String...) throws {
      let outcome = try process.dept(["runs", "history"] + arguments)
      #expect(outcome.code == code && outcome.output.isEmpty)
      for text in texts { #expect(outcome.errors.contains(text), "\(outcome.errors)") }
    }
    try expect(["11", "--metric", "train/los"], 66, "did you mean 'train/loss'?")
    try expect(["11", "22", "--metric", "f1"], 66, "these runs have", "known are train/loss")
    try expect(["22", "--metric", "f1"], 66, "run 22222222", "no points of any metric yet")
    try expect(["33", "--metric", "f1"], 66, "33")
    try expect(["11", "--metric", "train/loss", "--pixels", "0"], 2, "--pixels")
    try expect(["11"], 2, "--metric")
  }

  @Test("bench store measures real files, and no point is lost that was acknowledged")
  func bench() throws {
    let process = try DeptProcess()
    defer { process.remove() }
    let outcome = try process.dept("bench", "store", "--quick", "--json")
    #expect(outcome.code == 0, "\(outcome.errors)")
    let report = try outcome.json()
    #expect(report["acknowledged"] as? Int == 10_000)
    #expect(report["survived"] as? Int == 10_000)
    for key in [
      "log_ns_p50", "log_ns_p95", "log_ns_p99", "ingest_points_per_second",
      "ingest_8_processes_points_per_second", "bytes_per_point", "history_ms", "delete_seconds",
      "delete_peak_bytes", "delete_freed_bytes",
    ] {
      #expect((report[key] as? Double ?? 0) > 0, "\(key)")
    }
    // Its own folder is gone.
    let left = try FileManager.default.contentsOfDirectory(atPath: process.folder.path)
    #expect(!left.contains { $0.hasPrefix("dept-bench") })
    #expect(try process.dept("bench", "store", "--quick", "--folder", "not/there").code == 69)
  }
}
