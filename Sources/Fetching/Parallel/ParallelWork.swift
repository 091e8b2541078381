import Foundation

/// Blocking work on several items at once, on threads of its own.
public enum ParallelWork {
  /// The results of `body` for 0 ..< `count`, at most `width` at once.
  ///
  /// - Parameter inOrder: called on the calling thread with each result as soon as it and all
  ///   before it are there.
  public static func map<Value: Sendable>(
    _ count: Int, width: Int, _ body: @escaping @Sendable (Int) -> Value,
    inOrder: (Int, Value) -> Void = { _, _ in }
  ) -> [Value] {
    let bench = Bench<Value>(count: count)
    for _ in 0..<min(count, max(1, width)) {
      let thread = Thread {
        while let index = bench.take() { bench.put(body(index), at: index) }
      }
      // Unpacking and libcurl's resolver want more than the half megabyte some systems give.
      thread.stackSize = 2 << 20
      thread.start()
    }
    return (0..<count).map { index in
      let value = bench.result(of: index)
      inOrder(index, value)
      return value
    }
  }
}

/// What is left to do and what is done; a class because the threads share it.
private final class Bench<Value: Sendable>: @unchecked Sendable {  // Its condition guards the rest.
  private let condition = NSCondition()
  private var next = 0
  private let count: Int
  private var results: [Int: Value] = [:]

  init(count: Int) { self.count = count }

  func take() -> Int? {
    condition.withLock {
      guard next < count else { return nil }
      next += 1
      return next - 1
    }
  }

  func put(_ value: Value, at index: Int) {
    condition.withLock {
      results[index] = value
      condition.broadcast()
    }
  }

  func result(of index: Int) -> Value {
    condition.withLock {
      while true {
        if let value = results[index] { return value }
        condition.wait()
      }
    }
  }
}
