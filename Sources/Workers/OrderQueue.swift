import Experiments
import Foundation

/// Orders as they arrive on a descriptor, read by a thread of its own.
///
/// A class because two threads share it. The thread is what notices at once, even in the middle
/// of a training step, that the writing end is gone: it then asks the process to stop.
final class OrderQueue: @unchecked Sendable {  // Its lock guards all it has.
  /// What the queue hands out next.
  enum Item {
    case order(WorkOrder)
    /// A line that is no order.
    case malformed(String)
  }

  private let condition = NSCondition()
  // Both are touched only while `condition` is locked.
  private var items: [Item] = []
  private var hasEnded = false

  init(descriptor: Int32) {
    let thread = Thread { [self] in read(descriptor) }
    thread.name = "orders"
    thread.start()
  }

  /// The next order; `nil` when there will be none, or the process was asked to stop.
  func next() -> Item? {
    condition.lock()
    defer { condition.unlock() }
    while items.isEmpty, !hasEnded, !StopRequest.isPending {
      // A signal does not wake this thread, so it looks now and then.
      _ = condition.wait(until: Date(timeIntervalSinceNow: 0.05))
    }
    return StopRequest.isPending || items.isEmpty ? nil : items.removeFirst()
  }

  private func read(_ descriptor: Int32) {
    var pending: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Foundation.read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      pending += buffer[..<count]
      while let end = pending.firstIndex(of: 0x0a) {
        let line = Data(pending[..<end])
        pending.removeSubrange(...end)
        let order = try? JSONDecoder().decode(WorkOrder.self, from: line)
        push(order.map(Item.order) ?? .malformed(String(decoding: line, as: UTF8.self)))
      }
    }
    condition.lock()
    hasEnded = true
    condition.broadcast()
    condition.unlock()
    StopRequest.request()
  }

  private func push(_ item: Item) {
    condition.lock()
    items.append(item)
    condition.signal()
    condition.unlock()
  }
}
