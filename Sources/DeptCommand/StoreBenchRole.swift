import ArgumentParser
import Experiments
import Foundation
import RunStorage
import Workers

/// What a process that the benchmark of the store has started does.
enum StoreBenchRole: String, ExpressibleByArgument {
  /// Writes a journal and ends.
  case writer
  /// Writes a journal and is killed after the last point.
  case killed
  /// Removes a run and tells how long that took.
  case removal

  /// How a run was removed.
  struct Removal: Codable {
    var seconds: Double
    var peak_bytes, freed_bytes: Int
  }

  /// Starts this program in a role.
  func start(folder: String, count: Int, output: Pipe? = nil) throws -> Process {
    let process = Process()
    process.executableURL = URL(filePath: Surroundings.executable)
    process.arguments = [
      "bench", "store", "--role", rawValue, "--folder", folder, "--count", String(count),
    ]
    if let output { process.standardOutput = output }
    try process.run()
    return process
  }

  func carryOut(folder: String, count: Int) throws {
    switch self {
    case .writer:
      try BenchCurves().write(count, to: folder)
    case .killed:
      let curves = BenchCurves()
      let journal = try Journal(path: folder)
      for index in 0..<count { try journal.append(curves.event(index)) }
      kill(getpid(), SIGKILL)
    case .removal:
      let writer = try StoreWriter(home: folder, purpose: "benchmark")
      var freed = 0
      let elapsed = try ContinuousClock().measure {
        try writer.purge(BenchRun.id(count))
        freed = try writer.shrink()
      }
      try Output.json(
        Removal(
          seconds: elapsed / .seconds(1), peak_bytes: PeakMemory.bytes, freed_bytes: freed))
    }
  }
}
