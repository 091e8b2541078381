import ArgumentParser
import Checkpoints
import Foundation

/// `dept bench store`: how fast metrics are logged, stored, read and removed here.
struct StoreBenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "store",
    abstract: "Measure how fast metrics are logged, stored, read and removed.",
    discussion: """
      Works on real files in a folder that is removed afterwards, with processes of its own: \
      logging from a loop, a process that is killed after its last call, folding the journals of \
      one process and of eight at once, the history of 100 runs in 1,000 pixels, and the removal \
      of a run of 6.5 million points. Takes about a minute and 2 GB of the disk.

      --json prints {"log_ns_p50","log_ns_p95","log_ns_p99","log_ns_mean","acknowledged",\
      "survived","ingest_points_per_second","ingest_8_processes_points_per_second",\
      "bytes_per_point","history_ms","delete_seconds","delete_peak_bytes","delete_freed_bytes"}.

      Example: dept bench store --folder /var/tmp --json
      """)

  @Option(help: "Where the files are made: the disk that is measured (default: here).")
  var folder = "."
  @Flag(help: "A fiftieth of the points: says that it works, not how fast.") var quick = false
  @Flag(help: "Print one JSON document.") var json = false

  @Option(help: .hidden) var role: StoreBenchRole?
  @Option(help: .hidden) var count = 0

  func run() throws {
    if let role { return try role.carryOut(folder: folder, count: count) }
    let place = URL(filePath: folder).appending(path: "dept-bench-\(UUID().uuidString)").path
    do {
      try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: false)
    } catch {
      throw Failure(
        .unavailable, "no folder can be made in \(folder): \(SystemReason.text(of: error))")
    }
    defer { try? FileManager.default.removeItem(atPath: place) }
    let report = try StoreBenchmark(folder: place, scale: quick ? 50 : 1) {
      if !json { Output.note($0) }
    }.measure()
    if json { return try Output.json(report) }
    print(
      """
      a point is logged in \(report.log_ns_p50) ns (p95 \(report.log_ns_p95), \
      p99 \(report.log_ns_p99), mean \(report.log_ns_mean.rounded(to: 0)))
      \(report.survived) of \(report.acknowledged) points survived the kill
      \(Int(report.ingest_points_per_second)) points/s of one run, \
      \(Int(report.ingest_8_processes_points_per_second)) of eight processes at once
      \(report.bytes_per_point.rounded(to: 2)) bytes a point at rest
      the history of 100 runs in \(report.history_ms.rounded(to: 1)) ms
      the largest run removed in \(report.delete_seconds.rounded(to: 2)) s with \
      \((Double(report.delete_peak_bytes) / 1_048_576).rounded(to: 0)) MiB; the file is \
      \((Double(report.delete_freed_bytes) / 1_048_576).rounded(to: 1)) MiB shorter
      """)
  }
}
