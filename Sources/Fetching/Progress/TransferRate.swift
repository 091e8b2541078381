import Foundation

/// Bytes a second, smoothed over the last few seconds.
struct TransferRate: Hashable, Sendable {
  /// Bytes a second; `nil` until something was measured.
  private(set) var value: Double?
  private var since: Double?
  private var pending = 0

  /// Seconds after which what was measured counts for a third.
  private static let memory = 3.0
  /// Seconds that one measurement takes at least.
  private static let span = 0.2

  /// Notes that `bytes` have arrived until the moment `now`, in seconds.
  mutating func add(_ bytes: Int, at now: Double) {
    guard let start = since else {
      since = now
      return
    }
    pending += bytes
    let elapsed = now - start
    guard elapsed >= TransferRate.span else { return }
    let measured = Double(pending) / elapsed
    let weight = 1 - exp(-elapsed / TransferRate.memory)
    value = value.map { $0 + weight * (measured - $0) } ?? measured
    since = now
    pending = 0
  }
}
