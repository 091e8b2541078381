import Synchronization

/// One recorded computation: where its operands' gradients go, and how to get them.
///
/// A class because it is an identity in the graph. It keeps what its pullback captured and nothing
/// else: neither operands nor result, so those are released as soon as forward has moved on.
package final class Node: Sendable {
  /// Grows along every path, so descending order is a valid order of backward.
  let serial: UInt64
  let parents: [Node?]
  private let pullback: Mutex<Pullback?>

  private static let counter = Atomic<UInt64>(0)

  /// A computation with operands, some of which lead to a parameter.
  init(parents: [Node?], pullback: @escaping Pullback) {
    serial = Self.counter.wrappingAdd(1, ordering: .relaxed).newValue
    self.parents = parents
    self.pullback = Mutex(pullback)
  }

  /// A leaf: a parameter being differentiated.
  init() {
    serial = Self.counter.wrappingAdd(1, ordering: .relaxed).newValue
    parents = []
    pullback = Mutex(nil)
  }

  /// The pullback, given up so that what it captured is freed during backward.
  func takePullback() -> Pullback? {
    pullback.withLock { pullback in
      defer { pullback = nil }
      return pullback
    }
  }
}
