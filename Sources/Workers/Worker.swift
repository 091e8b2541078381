public import Experiments
import Foundation
import TensorEngine

/// The working side of a scheduler: takes orders, carries them out one after the other, and
/// records what happens in each attempt's journal.
///
/// A worker ends when its input does. Asked to stop (SIGTERM, SIGINT, SIGUSR1, end of input), it
/// lets the run in hand write a checkpoint first. While a run is in hand, its folder is this
/// attempt's alone (`RunLease`). A trap in a run ends the process: the scheduler sees it
/// as the crash of that run alone. So does a step that cannot get its memory, after the journal
/// has told it: the run has failed, and the scheduler goes on with a fresh process.
public enum Worker {
  /// Carries out one run: records events as they happen, has them written to the disk itself before
  /// it writes a checkpoint, asks now and then whether to stop, and returns the last event
  /// (`succeeded`, `failed`, `stopped` or `paused`), which it does not record itself.
  public typealias CarryOut = (
    _ order: WorkOrder, _ record: (RunEvent) throws -> Void, _ synchronize: () -> Void,
    _ shouldStop: () -> Bool
  ) throws -> RunEvent

  /// The exit code of a worker that stopped after a checkpoint.
  public static let stoppedExitCode: Int32 = 85

  /// Serves orders until the input ends or the process is asked to stop.
  ///
  /// - Parameters:
  ///   - input: the descriptor that orders come from.
  ///   - output: the descriptor that replies go to. What a run prints to standard output goes to
  ///     its log instead.
  /// - Returns: the code to exit with: 0, 85 after a checkpoint, 65 after a line that is no order.
  public static func serve(
    input: Int32 = 0, output: Int32 = 1, carryOut: CarryOut
  ) -> Int32 {
    StopRequest.listen()
    let replies = fcntl(output, F_DUPFD_CLOEXEC, 3)
    guard replies >= 0 else { return 70 }
    defer { close(replies) }
    if output == STDOUT_FILENO { dup2(STDERR_FILENO, STDOUT_FILENO) }
    let orders = OrderQueue(descriptor: input)
    while let item = orders.next() {
      switch item {
      case .malformed(let line):
        complain("this worker was given no order: “\(line.prefix(80))”")
        return 65
      case .order(let order):
        let reply = perform(order, redirecting: output == STDOUT_FILENO, carryOut)
        guard send(reply, to: replies) else { return stoppedExitCode }
        if reply.ending == .stopped { return stoppedExitCode }
      }
    }
    return 0
  }

  private static func perform(
    _ order: WorkOrder, redirecting: Bool, _ carryOut: CarryOut
  ) -> WorkReply {
    if redirecting { redirectOutput(to: order.logPath) }
    // What the run before has left would count as this one's.
    Engine.releaseUnusedMemory()
    PeakMemory.reset()
    Engine.memoryLimit = order.memoryLimit
    Engine.onMemoryShortage { fail($0, order) }
    var reply = WorkReply(id: order.id, attempt: order.attempt, ending: .failed)
    do {
      let journal = try Journal(path: order.journalPath)
      let lease = Result { () throws(RunFailure) in try RunLease(order) }
      let ending = try outcome(of: order, lease, journal, carryOut)
      if case .success = lease { try RunLease.check(order) }
      try journal.append(ending)
      journal.synchronize()
      if case .succeeded = ending {
        try? FileManager.default.removeItem(atPath: order.checkpointPath)
      }
      withExtendedLifetime(lease) {}
      switch ending {
      case .succeeded: reply.ending = .succeeded
      case .stopped: reply.ending = .stopped
      case .paused: reply.ending = .paused
      case .failed, .started, .metric, .checkpoint: reply.ending = .failed
      }
    } catch {
      reply.problem = "\(error)"
      complain("\(error)")
    }
    // What the run printed is in its log before anyone hears that it is done.
    fflush(nil)
    return reply
  }

  /// The run's last event, whatever happens in it, except that its journal cannot be written, or
  /// must not be, because a newer attempt has begun.
  private static func outcome(
    of order: WorkOrder, _ lease: Result<RunLease, RunFailure>, _ journal: Journal,
    _ carryOut: CarryOut
  ) throws -> RunEvent {
    let event: RunEvent
    do {
      _ = try lease.get()
      event = try carryOut(
        order, { try journal.append($0) }, { journal.synchronize() }, { StopRequest.isPending })
    } catch let failure as RunFailure {
      event = .failed(failure)
    } catch let error as JournalError {
      throw error
    } catch let error as LeaseLoss {
      throw error
    } catch let error as CocoaError {
      // Foundation's own errors are about files: trying again may help, once there is space.
      event = .failed(RunFailure(.file, error.localizedDescription))
    } catch {
      event = .failed(RunFailure(.invalid, "\(error)"))
    }
    switch event {
    case .succeeded(var summary):
      if summary.peakBytes == 0 { summary.peakBytes = PeakMemory.ownBytes }
      return .succeeded(summary)
    case .failed(let failure):
      complain(failure.message)
      return event
    case .stopped, .paused:
      return event
    case .started, .metric, .checkpoint:
      return .failed(RunFailure(.invalid, "the run ended without an outcome"))
    }
  }

  /// Records that the run in hand needs more memory than there is, and ends the process: what a
  /// tensor was to be made in cannot go on without it.
  private static func fail(_ shortage: MemoryShortage, _ order: WorkOrder) -> Never {
    let failure = RunFailure(.memory, "\(shortage); \(shortage.remedy)")
    complain(failure.message)
    do {
      try RunLease.check(order)
      let journal = try Journal(path: order.journalPath)
      try journal.append(.failed(failure))
      journal.synchronize()
    } catch {
      // Then the log's last line is what the scheduler has of it.
      complain("\(error)")
    }
    fflush(nil)
    _exit(1)
  }

  private static func send(_ reply: WorkReply, to descriptor: Int32) -> Bool {
    guard var line = try? [UInt8](JSONEncoder().encode(reply)) else { return false }
    line.append(0x0a)
    var sent = 0
    while sent < line.count {
      let rest = Array(line[sent...])
      let count = write(descriptor, rest, rest.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }

  private static func redirectOutput(to path: String) {
    let log = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
    guard log >= 0 else { return }
    fflush(nil)
    dup2(log, STDOUT_FILENO)
    dup2(log, STDERR_FILENO)
    close(log)
  }

  private static func complain(_ text: String) {
    // Not FileHandle: it traps where the disk is full, which may be just what is to be said.
    let line = Array("\(text)\n".utf8)
    _ = write(STDERR_FILENO, line, line.count)
  }
}
