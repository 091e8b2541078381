import Foundation
import Synchronization

/// Whether this process has been asked to stop: by SIGTERM, SIGINT or SIGUSR1 (which Slurm sends
/// before its time is up), or because whoever gave it orders is gone.
///
/// One per process, because signals are.
public enum StopRequest {
  private static let flag = Atomic<Bool>(false)

  /// Whether work should end at its next checkpoint.
  public static var isPending: Bool { flag.load(ordering: .relaxed) }

  /// Asks this process to stop.
  public static func request() { flag.store(true, ordering: .relaxed) }

  /// Turns SIGTERM, SIGINT and SIGUSR1 from the end of the process into a request to stop.
  public static func listen() {
    // The flag must exist before a signal can arrive: a handler must not initialise anything.
    _ = isPending
    var awaited = sigset_t()
    sigemptyset(&awaited)
    for number in [SIGTERM, SIGINT, SIGUSR1] {
      signal(number) { _ in StopRequest.flag.store(true, ordering: .relaxed) }
      sigaddset(&awaited, number)
    }
    // Whoever started this process may have had them blocked, which is inherited.
    pthread_sigmask(SIG_UNBLOCK, &awaited, nil)
    // A scheduler that died is noticed by the end of our input, not by a signal of our output.
    signal(SIGPIPE, SIG_IGN)
    // A file that grows beyond a limit is an error like a full disk.
    signal(SIGXFSZ, SIG_IGN)
  }
}
