import Checkpoints
public import Experiments
import Foundation

/// The right to write into a run's folder, which one attempt has at a time.
///
/// The file `lease` in the folder is locked by the kernel as long as the attempt lives, however it
/// ends, and holds the attempt's number: the token. An attempt that has lost it (its machine slept,
/// the file system forgot its locks, and a newer attempt has begun) finds another number there
/// before it writes, and writes nothing.
///
/// A class because it owns a file descriptor.
public final class RunLease {
  /// How many times the lock is tried, 50 milliseconds apart: whoever was stopped may still be
  /// writing its checkpoint.
  private static let tries = 60

  private let descriptor: Int32

  /// Takes the lease of the order's folder for its attempt.
  ///
  /// - Throws: `RunFailure` of the kind `file` where another process holds it and keeps it, where a
  ///   newer attempt has had it, or where the file cannot be used.
  public init(_ order: WorkOrder) throws(RunFailure) {
    descriptor = try Self.locked(order)
    Self.removeParts(in: order.directory)
  }

  // The number stays: an attempt that has lost the lease may wake up after its successor has ended.
  deinit { close(descriptor) }

  /// Checks that the order's attempt still has the lease, before it writes something that a newer
  /// one may have written.
  ///
  /// - Throws: `LeaseLoss`.
  public static func check(_ order: WorkOrder) throws(LeaseLoss) {
    let descriptor = open(path(of: order), O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      // A folder that no worker has taken has nobody to step aside for.
      if errno == ENOENT { return }
      throw LeaseLoss(order, newer: nil)
    }
    defer { close(descriptor) }
    let holder = attempt(in: descriptor)
    guard holder != order.attempt else { return }
    throw LeaseLoss(order, newer: holder)
  }

  private static func path(of order: WorkOrder) -> String { "\(order.directory)/lease" }

  private static func locked(_ order: WorkOrder) throws(RunFailure) -> Int32 {
    let path = path(of: order)
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw unusable(path, errno) }
    var triesLeft = tries
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      let code = errno
      triesLeft -= 1
      if code == EINTR || (code == EWOULDBLOCK && triesLeft > 0) {
        usleep(50_000)
        continue
      }
      let holder = attempt(in: descriptor)
      close(descriptor)
      guard code == EWOULDBLOCK else { throw unusable(path, code) }
      throw RunFailure(
        .file,
        "\(holder.map { "attempt \($0)" } ?? "another attempt") at this run is still at work in "
          + "\(order.directory); wait for it or end its process, then start again")
    }
    // Where its journal is gone, so are the others, and attempts are counted from 1 again.
    if let holder = attempt(in: descriptor), holder > order.attempt,
      FileManager.default.fileExists(atPath: "\(order.directory)/attempt-\(holder).journal")
    {
      close(descriptor)
      throw RunFailure(.file, LeaseLoss(order, newer: holder).description)
    }
    // Always as long, so that a reader never finds half of it.
    let number = String(order.attempt)
    let token = Array((number + String(repeating: " ", count: 20 - number.count) + "\n").utf8)
    guard pwrite(descriptor, token, token.count, 0) == token.count else {
      let code = errno
      close(descriptor)
      throw unusable(path, code)
    }
    return descriptor
  }

  /// The number in the file; `nil` where there is none.
  private static func attempt(in descriptor: Int32) -> Int? {
    var bytes = [UInt8](repeating: 0, count: 32)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    guard count > 0 else { return nil }
    return Int(
      String(decoding: bytes[..<count], as: UTF8.self).trimmingCharacters(
        in: .whitespacesAndNewlines))
  }

  /// Removes what earlier attempts have written of files that were never finished.
  private static func removeParts(in directory: String) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    for name in names where name.hasSuffix(".part") {
      try? FileManager.default.removeItem(atPath: "\(directory)/\(name)")
    }
  }

  private static func unusable(_ path: String, _ code: Int32) -> RunFailure {
    RunFailure(.file, "\(path) cannot be used: \(SystemReason.text(code))")
  }
}

/// A newer attempt at the same run has begun: the older one has to stop, and must not write.
public struct LeaseLoss: Error, Hashable, Sendable, CustomStringConvertible {
  /// The attempt that was to write, and the one that has the lease now; `nil`: that is not known.
  public var attempt: Int
  public var newer: Int?
  /// The run's folder.
  public var directory: String

  init(_ order: WorkOrder, newer: Int?) {
    attempt = order.attempt
    directory = order.directory
    self.newer = newer
  }

  public var description: String {
    "attempt \(attempt) has lost \(directory) to \(newer.map { "attempt \($0)" } ?? "another")"
      + ", which goes on with the run; it has written nothing more"
  }
}
