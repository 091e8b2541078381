import Experiments
import Foundation
import Scheduling

/// What a run's repetition came to, read from its journal.
struct Repetition {
  /// Points by metric name, in step order.
  private(set) var curves: [String: [MetricPoint]] = [:]
  private(set) var start: RunStart?
  /// Its last event; `nil` where it was stopped.
  private(set) var ending: RunEvent?
  private(set) var seconds = 0.0

  /// Carries `order` out in a worker of its own and waits for its end.
  ///
  /// - Throws: `Failure` where the worker cannot be started or dies.
  init(
    _ order: WorkOrder, _ command: WorkerCommand, _ signals: StopSignals, reached: (Int) -> Void
  ) async throws {
    let worker = Process()
    worker.executableURL = URL(filePath: command.executable)
    worker.arguments = command.arguments
    let orders = Pipe()
    worker.standardInput = orders
    // The journal tells everything that the replies would.
    worker.standardOutput = FileHandle.nullDevice
    let clock = ContinuousClock()
    let began = clock.now
    // A worker that dies at once must not take this process along.
    signal(SIGPIPE, SIG_IGN)
    do {
      try worker.run()
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      try orders.fileHandleForWriting.write(contentsOf: try encoder.encode(order) + [0x0a])
    } catch {
      worker.terminate()
      throw Failure(
        .unavailable,
        "no worker can be started from \(command.executable): "
          + error.localizedDescription)
    }
    var reader = JournalReader(path: order.journalPath)
    var isTold = false
    while ending == nil {
      let isRunning = worker.isRunning
      for event in try reader.next() { take(event, reached) }
      if ending != nil || !isRunning { break }
      if signals.received != nil, !isTold {
        isTold = true
        worker.terminate()
      }
      if signals.count > 1 { kill(worker.processIdentifier, SIGKILL) }
      try? await Task.sleep(for: .milliseconds(20))
    }
    try? orders.fileHandleForWriting.close()
    worker.waitUntilExit()
    seconds = (clock.now - began) / .seconds(1)
    guard ending != nil || signals.received != nil else {
      let log = FileManager.default.contents(atPath: order.logPath) ?? Data()
      let last = String(decoding: log, as: UTF8.self).split(separator: "\n").last ?? "no word"
      throw Failure(.runFailed, "the repetition ended before its run was done: \(last)")
    }
  }

  private mutating func take(_ event: RunEvent, _ reached: (Int) -> Void) {
    switch event {
    case .started(let start): self.start = start
    case .metric(let point):
      curves[point.name, default: []].append(point)
      reached(point.step)
    case .checkpoint: break
    case .succeeded, .failed, .stopped, .paused: ending = event
    }
  }
}
