import Experiments
import Foundation
import RunStorage
import TensorEngine

/// The worker processes of a scheduler, and what each has in hand.
struct WorkerCrew {
  /// An order that was given to a worker.
  struct Attempt {
    var order: WorkOrder
  }

  private struct Member {
    var orders: AsyncStream<WorkOrder>.Continuation
    var process: ProcessIdentity?
    var attempt: Attempt?
    /// The most memory that its process was seen to have for itself, in bytes.
    var ownPeak = 0
    /// Whether we ended it with a signal that it cannot answer.
    var isKilled = false
    /// Whether it ended by such a signal.
    var wasKilled = false
  }

  private var members: [Int: Member] = [:]
  /// Why workers ended that have ended.
  var exitReasons: [Int: String] = [:]
  /// Why the last worker could not be started.
  var launchFailure = ""

  /// The workers that have an order in hand.
  var busy: [Int] { members.filter { $0.value.attempt != nil }.keys.sorted() }

  mutating func add(_ worker: Int, orders: AsyncStream<WorkOrder>.Continuation) {
    members[worker] = Member(orders: orders)
  }

  mutating func launched(_ worker: Int, pid: Int) {
    members[worker]?.process = ProcessIdentity(pid: pid)
  }

  /// Notes how much memory the busy workers have: what kills one leaves no word of it.
  mutating func look() {
    for worker in busy {
      guard let member = members[worker], let process = member.process,
        let memory = ProcessMemory(pid: process.pid)
      else { continue }
      members[worker]?.ownPeak = max(member.ownPeak, memory.ownPeak)
    }
  }

  /// The most memory that each busy worker was seen to have for itself, in bytes.
  var peaks: [Int: Int] {
    Dictionary(
      busy.compactMap { worker in members[worker].map { (worker, $0.ownPeak) } }
    ) { first, _ in first }
  }

  /// What all workers have for themselves now, in bytes.
  var ownBytes: Int {
    members.values.reduce(0) { sum, member in
      sum + (member.process.flatMap { ProcessMemory(pid: $0.pid)?.own } ?? 0)
    }
  }

  /// The worker is about to be ended by us.
  mutating func willKill(_ worker: Int) { members[worker]?.isKilled = true }

  /// The worker ended by a signal that no program can answer.
  mutating func foundKilled(_ worker: Int) { members[worker]?.wasKilled = true }

  /// Why a worker may have been killed that we did not kill.
  func remark(on worker: Int) -> String? {
    guard let member = members[worker], member.wasKilled, !member.isKilled else { return nil }
    let seen =
      member.ownPeak > 0 ? " (it had \(member.ownPeak >> 20) MiB for itself when last seen)" : ""
    return
      "the system may have run out of memory\(seen): a smaller batch, accumulation or --jobs 1 "
      + "need less"
  }

  mutating func assign(_ order: WorkOrder, to worker: Int) {
    // What it has now, and not its peak, which is still that of the run before.
    let memory = members[worker]?.process.flatMap { ProcessMemory(pid: $0.pid) }
    members[worker]?.ownPeak = memory?.own ?? 0
    members[worker]?.attempt = Attempt(order: order)
    members[worker]?.orders.yield(order)
  }

  /// The order is done with.
  mutating func release(_ worker: Int) { members[worker]?.attempt = nil }

  mutating func remove(_ worker: Int) {
    members[worker]?.orders.finish()
    members[worker] = nil
    exitReasons[worker] = nil
  }

  func process(of worker: Int) -> ProcessIdentity? { members[worker]?.process }
  func attempt(of worker: Int) -> Attempt? { members[worker]?.attempt }

  func worker(with run: RunID) -> Int? {
    members.first { $0.value.attempt?.order.id == run }?.key
  }

  /// No more orders: the worker ends by itself.
  func dismiss(_ worker: Int) { members[worker]?.orders.finish() }

  func terminate(_ worker: Int) { send(SIGTERM, to: worker) }
  func kill(_ worker: Int) { send(SIGKILL, to: worker) }

  /// Ends every worker, first politely; returns when none is left.
  func stopAll() async {
    for worker in members.keys { terminate(worker) }
    let deadline = Date(timeIntervalSinceNow: 10)
    while members.values.contains(where: { $0.process?.isAlive == true }) {
      try? await Task.sleep(for: .milliseconds(20))
      if Date() > deadline { for worker in members.keys { kill(worker) } }
    }
  }

  private func send(_ number: Int32, to worker: Int) {
    // A worker's process is reaped before it is removed here; the start time tells it from another.
    guard let process = members[worker]?.process, process.isAlive else { return }
    _ = Foundation.kill(pid_t(process.pid), number)
  }
}
