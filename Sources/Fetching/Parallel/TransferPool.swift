import Foundation
import Synchronization

/// The transfers of this process: how many run at once, and how much of the disk they will still
/// fill. A class because fetches share it.
public final class TransferPool: Sendable {
  /// The most transfers at once.
  public let jobs: Int
  private let slots: DispatchSemaphore
  private let promised = Mutex<[ObjectIdentifier: Int]>([:])

  /// - Precondition: `jobs` is at least 1.
  public init(jobs: Int = 4) {
    precondition(jobs >= 1)
    self.jobs = jobs
    slots = DispatchSemaphore(value: jobs)
  }

  /// Does `body` when fewer than `jobs` transfers run.
  func transfer<Value>(_ body: () throws(FetchError) -> Value) throws(FetchError) -> Value {
    slots.wait()
    defer { slots.signal() }
    return try body()
  }

  /// The bytes all transfers but `claim` will still write.
  func outstanding(besides claim: SpaceClaim) -> Int {
    promised.withLock { promised in
      promised.reduce(0) { $0 + ($1.key == ObjectIdentifier(claim) ? 0 : $1.value) }
    }
  }

  /// Notes the bytes that will still be written for `claim`.
  func promise(_ bytes: Int, for claim: SpaceClaim) {
    promised.withLock { $0[ObjectIdentifier(claim)] = bytes > 0 ? bytes : nil }
  }
}
