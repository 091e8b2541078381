import Foundation
import Scheduling
import Synchronization

/// Ctrl-C as a wish: the first asks to stop after a checkpoint, the second ends the process.
/// SIGTERM is the same wish, and SIGUSR1 too (Slurm sends it before the time is up), which never
/// ends it.
///
/// A class because it holds the signal watch.
final class Interrupt: Sendable {
  private let watch: SignalWatch
  private let counter: Counter

  /// The number of interrupts so far; a class because handler and owner share it.
  private final class Counter: Sendable {
    let value = Atomic<Int>(0)
  }

  init() {
    let counter = Counter()
    self.counter = counter
    watch = SignalWatch { number in
      let count = counter.value.wrappingAdd(1, ordering: .relaxed).newValue
      guard count == 1 else {
        if number != SIGUSR1 { exit(128 + number) }
        return
      }
      Output.note("\nStopping after this step; once more to stop at once.")
    }
  }

  /// Whether somebody asked to stop.
  var isRequested: Bool { counter.value.load(ordering: .relaxed) > 0 }
}
