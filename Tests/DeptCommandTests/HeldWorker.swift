import Experiments
import Foundation
import Testing

/// The worker of the run in hand, held still between two checkpoints: what is done to it is done
/// there, however fast or loaded the machine is.
struct HeldWorker {
  /// The steps of the run that is to be held, and those between its checkpoints.
  static let steps = 1000
  static let interval = 50

  let pid: Int32
  /// The run's folder.
  let folder: URL
  /// The step of its newest checkpoint.
  let checkpoint: Int

  /// An experiment called `sweep`: a run to be held, and `others` of a few steps after it.
  static func experiment(steps: Int = Self.steps, others: Int = 0) -> String {
    """
    import Dept

    @main struct Sweep: Experiment {
      var plan: Plan {
        for steps in [\(steps)] + Array(2..<\(2 + others)) {
          Run(LoRA(rank: 2), on: .genSentiment, with: "./tiny")
            .steps(steps).batchSize(2).evaluate(every: \(interval), limit: 2)
        }
      }
    }
    """
  }

  /// Lets it go on.
  func release() { kill(pid, SIGCONT) }

  /// Ends it at once, as the system does when memory is short.
  func end() { kill(pid, SIGKILL) }

  func read(_ name: String) throws -> Data { try Data(contentsOf: folder.appending(path: name)) }

  func has(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: folder.appending(path: name).path)
  }

  /// What an attempt has written down.
  func events(attempt: Int = 1) throws -> [RunEvent] {
    try Self.events(of: folder.appending(path: "attempt-\(attempt).journal"))
  }

  fileprivate static func events(of journal: URL) throws -> [RunEvent] {
    var reader = JournalReader(path: journal.path)
    var events: [RunEvent] = []
    while true {
      let block = try reader.next()
      if block.isEmpty { return events }
      events += block
    }
  }

  /// The step of the newest checkpoint, where the next is not being written already.
  fileprivate static func checkpoint(in events: [RunEvent]) -> Int? {
    guard case .metric(let point)? = events.last, point.name == "train/loss",
      point.step % interval != 0
    else { return nil }
    for case .checkpoint(let step) in events.reversed() { return step }
    return nil
  }
}

extension DeptProcess {
  /// Waits until the only run in hand has a checkpoint, and holds its worker there.
  func hold(_ running: Running) throws -> HeldWorker {
    var begun: StoredAttempt?
    _ = try running.waits {
      begun = try attempts().last { $0.state == "running" }
      return begun != nil
    }
    let attempt = try #require(begun, "\(running.said)")
    let home = folder.appending(path: ".dept/runs/\(attempt.run)")
    let journal = home.appending(path: "attempt-\(attempt.n).journal")
    var step: Int?
    _ = try running.waits {
      kill(attempt.pid, SIGSTOP)
      Thread.sleep(forTimeInterval: 0.005)
      step = HeldWorker.checkpoint(in: try HeldWorker.events(of: journal))
      if step == nil { kill(attempt.pid, SIGCONT) }
      return step != nil
    }
    let checkpoint = try #require(step, "\(running.said)")
    return HeldWorker(pid: attempt.pid, folder: home, checkpoint: checkpoint)
  }
}
