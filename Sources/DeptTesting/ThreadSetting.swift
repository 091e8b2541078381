import Synchronization
import TensorEngine

/// The engine's number of threads, held still while something is measured: tests run side by side,
/// and the setting belongs to the process.
public enum ThreadSetting {
  private static let lock = Mutex(())

  /// What `body` gives with this many threads. Calls wait for each other and must not be nested.
  public static func with<Value: Sendable>(
    threads: Int, _ body: () throws -> Value
  ) rethrows -> Value {
    try lock.withLock { _ in
      let before = Engine.threads
      defer { Engine.threads = before }
      Engine.threads = threads
      return try body()
    }
  }
}
