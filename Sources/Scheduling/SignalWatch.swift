import Dispatch
import Foundation

/// Signals that ask this process to stop, as calls of a closure instead of its end.
///
/// A class because it owns the sources the system calls; letting go of it ends the watch.
public final class SignalWatch: Sendable {
  private nonisolated(unsafe) let sources: [any DispatchSourceSignal]  // Only made and cancelled.

  /// - Parameter received: called with the number of each SIGINT, SIGTERM or SIGUSR1 (what batch
  ///   systems send before they end a job), on a queue of its own.
  public init(_ received: @escaping @Sendable (Int32) -> Void) {
    let queue = DispatchQueue(label: "signals")
    sources = [SIGINT, SIGTERM, SIGUSR1].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler { received(number) }
      source.resume()
      return source
    }
  }

  deinit {
    for source in sources { source.cancel() }
  }
}
