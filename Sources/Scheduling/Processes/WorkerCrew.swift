import Experiments
import Foundation
import RunStorage

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

  mutating func assign(_ order: WorkOrder, to worker: Int) {
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
