import Experiments
import Foundation
import RunStorage
import Training

/// Times what is done with metrics, on real files and with real processes.
struct StoreBenchmark {
  let folder: String
  /// What every number of points is divided by.
  let scale: Int
  /// Told what is being done.
  let note: (String) -> Void

  /// The keys are a promise.
  struct Report: Encodable {
    /// Of single calls, the clock's own time included.
    let log_ns_p50, log_ns_p95, log_ns_p99: Int
    /// Of a loop without a clock in it.
    let log_ns_mean: Double
    let acknowledged, survived: Int
    let ingest_points_per_second, ingest_8_processes_points_per_second: Double
    let bytes_per_point, history_ms, delete_seconds: Double
    /// The most memory of the process that removes the run, all of it.
    let delete_peak_bytes: Int
    /// By how much the file is shorter.
    let delete_freed_bytes: Int
  }

  private let clock = ContinuousClock()

  func measure() throws -> Report {
    note("logging")
    let times = try logging()
    note("a process that is killed")
    let acknowledged = 500_000 / scale
    let survived = try kill(after: acknowledged)
    note("the journal of one run")
    let (rate, size) = try ingest(2_000_000 / scale)
    note("the journals of eight processes")
    let eight = try ingestOfEight(250_000 / scale)
    note("100 runs, and a large one to remove")
    let home = "\(folder)/many"
    let runs = try fill(home, runs: 100, points: 100_000 / scale)
    let milliseconds = try history(home, runs)
    let large = try fill(home, runs: 1, points: 6_500_000 / scale, from: 100)
    let removal = try remove(home, large[0])
    return Report(
      log_ns_p50: times.calls[times.calls.count / 2],
      log_ns_p95: times.calls[times.calls.count * 95 / 100],
      log_ns_p99: times.calls[times.calls.count * 99 / 100], log_ns_mean: times.mean,
      acknowledged: acknowledged, survived: survived, ingest_points_per_second: rate,
      ingest_8_processes_points_per_second: eight, bytes_per_point: size, history_ms: milliseconds,
      delete_seconds: removal.seconds, delete_peak_bytes: removal.peak_bytes,
      delete_freed_bytes: removal.freed_bytes)
  }

  private func logging() throws -> (calls: [Int], mean: Double) {
    let count = 1_000_000 / scale
    let curves = BenchCurves()
    var calls: [Int] = []
    calls.reserveCapacity(count)
    let timed = try Journal(path: "\(folder)/timed.journal")
    for index in 0..<count {
      let event = curves.event(index)
      let start = Self.now()
      try timed.append(event)
      calls.append(Self.now() - start)
    }
    let events = (0..<1000).map(curves.event)
    let journal = try Journal(path: "\(folder)/loop.journal")
    let elapsed = try clock.measure {
      for index in 0..<count { try journal.append(events[index % events.count]) }
    }
    calls.sort()
    return (calls, elapsed / .nanoseconds(1) / Double(count))
  }

  private func kill(after count: Int) throws -> Int {
    let path = "\(folder)/killed.journal"
    let writer = try StoreBenchRole.killed.start(folder: path, count: count)
    writer.waitUntilExit()
    var reader = JournalReader(path: path)
    var survived = 0
    while true {
      let events = try reader.next()
      if events.isEmpty { return survived }
      survived += events.count
    }
  }

  /// Points a second, and the bytes that each takes once the run is closed.
  private func ingest(_ count: Int) throws -> (rate: Double, size: Double) {
    let home = "\(folder)/one"
    let writer = try StoreWriter(home: home, purpose: "benchmark")
    let run = try BenchRun(0, in: writer)
    let path = "\(folder)/one.journal"
    try BenchCurves().write(count, to: path)
    let elapsed = try clock.measure { try run.fold(path, into: writer) }
    try writer.shrink()
    let attributes = try FileManager.default.attributesOfItem(atPath: "\(home)/store.sqlite")
    let bytes = attributes[.size] as? Int ?? 0
    return (Double(count) / (elapsed / .seconds(1)), Double(bytes) / Double(count))
  }

  private func ingestOfEight(_ count: Int) throws -> Double {
    let writer = try StoreWriter(home: "\(folder)/eight", purpose: "benchmark")
    let runs = try (0..<8).map { try BenchRun($0, in: writer) }
    let elapsed = try clock.measure {
      let paths = runs.map { "\(folder)/\($0.id.short).journal" }
      let processes = try paths.map { try StoreBenchRole.writer.start(folder: $0, count: count) }
      var open = Array(zip(runs, paths))
      while !open.isEmpty {
        open = try open.filter { run, path in
          try writer.fold(run.id, attempt: run.attempt, journal: path).ending == nil
        }
      }
      for process in processes { process.waitUntilExit() }
    }
    return Double(8 * count) / (elapsed / .seconds(1))
  }

  private func fill(
    _ home: String, runs: Int, points: Int, from first: Int = 0
  ) throws -> [RunID] {
    let writer = try StoreWriter(home: home, purpose: "benchmark")
    let path = "\(folder)/fill.journal"
    return try (first..<first + runs).map { number in
      let run = try BenchRun(number, in: writer)
      // All points of a run of 100,000 are of one metric, those of the large one of ten.
      try BenchCurves(count: runs > 1 ? 1 : 10, seed: number).write(points, to: path)
      try run.fold(path, into: writer)
      try FileManager.default.removeItem(atPath: path)
      return run.id
    }
  }

  /// The median of five, in milliseconds.
  private func history(_ home: String, _ runs: [RunID]) throws -> Double {
    let store = try RunStore(home: home)
    let times = try (0..<5).map { _ in
      try clock.measure {
        _ = try store.history(of: runs, metric: BenchCurves.names[0], pixels: 1000)
      }
    }
    return times.sorted()[2] / .milliseconds(1)
  }

  private func remove(_ home: String, _ run: RunID) throws -> StoreBenchRole.Removal {
    let output = Pipe()
    let process = try StoreBenchRole.removal.start(folder: home, count: 100, output: output)
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return try JSONDecoder().decode(StoreBenchRole.Removal.self, from: data)
  }

  /// Nanoseconds of the monotonic clock.
  private static func now() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }
}
