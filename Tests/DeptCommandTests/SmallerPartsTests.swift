#if os(Linux)
import Foundation
import Testing

/// A run whose steps are too large for memory.
@Suite(
  .serialized,
  .enabled(if: DeptProcess.isPossible, "dept or the tiny backbone was not built with the tests"))
struct SmallerPartsTests {
  private let process: DeptProcess

  init() throws { process = try DeptProcess() }

  /// A backbone with few weights whose steps take far more memory than these, and a little data.
  private func prepare() throws {
    for folder in ["wide", "data"] {
      try FileManager.default.createDirectory(
        at: process.folder.appending(path: folder), withIntermediateDirectories: true)
    }
    let text = try process.read("tiny/config.json")
    var configuration =
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] ?? [:]
    for (name, value) in [
      "d_model": 256, "d_ff": 1024, "d_kv": 64, "num_heads": 4, "num_layers": 8,
      "num_decoder_layers": 1,
    ] { configuration[name] = value }
    try JSONSerialization.data(withJSONObject: configuration).write(
      to: process.folder.appending(path: "wide/config.json"))
    try FileManager.default.copyItem(
      at: process.folder.appending(path: "tiny/spiece.model"),
      to: process.folder.appending(path: "wide/spiece.model"))
    let lines = (0..<24).map { #"{"source": "\#($0) is a number", "target": "\#($0 % 2)"}"# }
    for (split, count) in ["train": 24, "validation": 2, "test": 2] {
      let text = lines.prefix(count).joined(separator: "\n") + "\n"
      try process.write(text, to: "data/\(split).jsonl")
    }
    try process.write(
      """
      import Dept

      @main struct Sweep: Experiment {
        var plan: Plan {
          for parts in [1, 12] {
            Run(PromptTuning(length: 100), on: "./data", with: .random("./wide"))
              .steps(3).batchSize(12, accumulation: parts).evaluate(every: 3, limit: 2)
          }
        }
      }
      """, to: "sweep.swift")
  }

  private struct Record: Decodable {
    struct Point: Decodable, Equatable {
      var step: Int
      var value: Double
    }
    struct Summary: Decodable { var scores: [String: [String: Double]] }
    var curves: [String: [Point]]
    var summary: Summary
  }

  private func record(_ id: String) throws -> Record {
    let shown = try process.dept("runs", "show", id, "--json")
    return try JSONDecoder().decode(Record.self, from: Data(shown.output.utf8))
  }

  @Test("is carried out in smaller parts, which changes nothing but rounding")
  func smaller() throws {
    defer { process.remove() }
    try prepare()
    let unlimited = try process.dept("run", "sweep.swift", "--no-report")
    #expect(unlimited.code == 0, "\(unlimited)")
    let id = try #require(try process.runIDs().first)
    let before = try record(id)
    let peaks = try process.rows("SELECT peak_bytes FROM v_runs").compactMap(Int.init)
    let (whole, least) = (try #require(peaks.first), try #require(peaks.last))
    #expect(whole - least > 20 << 20)

    let limited = try process.dept(
      "run", "sweep.swift", "--no-report", "--force", "--only", "accumulation = 1", "--memory",
      "\((whole + least) / 2)")
    #expect(limited.code == 0 && limited.output.contains("1 cached, 1 succeeded"), "\(limited)")
    #expect(limited.errors.contains(": out of memory: "))
    #expect(limited.errors.contains("cut it into parts with .batchSize(…, accumulation: …)"))
    #expect(limited.errors.contains("; it goes on with steps in parts of 750 rows"))
    let attempts = try process.attempts().filter { id.hasPrefix($0.run) }
    #expect(attempts.map(\.state).first == "succeeded" && attempts.last?.state == "succeeded")
    #expect(attempts.dropFirst().dropLast().allSatisfy { $0.state == "failed" })
    #expect(attempts.dropLast().last?.reason.contains("out of memory") == true)
    // A step has twelve sequences of more than a hundred rows.
    #expect(attempts.first?.partRows == nil && attempts.last?.partRows ?? .max <= 750)
    #expect(try process.rows("SELECT peak_bytes < \(whole) FROM v_runs").first == "1")

    let after = try record(id)
    #expect(after.summary.scores == before.summary.scores)
    #expect(after.curves.keys.sorted() == before.curves.keys.sorted())
    for (metric, points) in before.curves {
      let others = after.curves[metric] ?? []
      #expect(others.map(\.step) == points.map(\.step))
      for (point, other) in zip(points, others) {
        #expect(abs(point.value - other.value) <= 1e-3 * max(1, abs(point.value)), "\(metric)")
      }
    }
    let losses = before.curves["train/loss"]?.map(\.value) ?? []
    #expect(losses.count == 3 && Set(losses).count > 1)
  }
}
#endif
