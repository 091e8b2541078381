import Foundation

/// The right to write to a home's store, held by one process at a time.
///
/// A class because it owns a file descriptor; the lock is the system's, so it ends with the
/// process.
final class StoreLock: Sendable {
  /// What the holder writes into the lock file, for those who find it taken.
  struct Holder: Codable {
    var process: ProcessIdentity
    var experiment: String
  }

  private let descriptor: Int32

  /// Takes the lock, or throws `inUse` soon.
  init(home: String, experiment: String) throws(StoreError) {
    // Nothing may throw once `descriptor` is set: `deinit`, which then runs, empties the file of
    // whoever holds the lock and gives the descriptor's number to somebody else.
    descriptor = try Self.locked(home: home)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let holder = Holder(process: .current, experiment: experiment)
    guard let text = try? encoder.encode(holder) else { return }
    _ = ftruncate(descriptor, 0)
    // Only a courtesy to others: the lock itself does not depend on it.
    _ = text.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
  }

  deinit {
    _ = ftruncate(descriptor, 0)
    // A process that is just being started has the descriptor until it becomes another program.
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }

  /// The lock file's descriptor, with the lock.
  private static func locked(home: String) throws(StoreError) -> Int32 {
    let path = path(home: home)
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      switch errno {
      case EACCES, EROFS, EPERM: throw .readOnly(path: StoreOpening.path(home: home))
      case ENOSPC, EDQUOT: throw .full(path: path)
      default: throw .unusable(path: path, detail: String(cString: strerror(errno)))
      }
    }
    // Remarks hold the lock for a moment only, so a moment is waited.
    var attemptsLeft = 20
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      let code = errno
      attemptsLeft -= 1
      if code == EINTR || (code == EWOULDBLOCK && attemptsLeft > 0) {
        usleep(10_000)
        continue
      }
      close(descriptor)
      guard code == EWOULDBLOCK else {
        throw .unusable(path: path, detail: String(cString: strerror(code)))
      }
      let holder = holder(home: home)
      throw .inUse(
        home: home, pid: holder?.process.pid ?? 0, experiment: holder?.experiment ?? "something")
    }
    return descriptor
  }

  /// The process that holds the lock now.
  static func holder(home: String) -> Holder? {
    guard let data = FileManager.default.contents(atPath: path(home: home)),
      let holder = try? JSONDecoder().decode(Holder.self, from: data), holder.process.isAlive
    else { return nil }
    return holder
  }

  private static func path(home: String) -> String { "\(home)/store.lock" }
}
