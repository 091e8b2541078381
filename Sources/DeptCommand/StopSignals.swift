import Scheduling
import Synchronization

/// The signals that ask this process to end, as they come.
///
/// A class because the handler and its owner share it.
final class StopSignals: Sendable {
  private let state: State
  private let watch: SignalWatch

  private final class State: Sendable {
    let signals = Mutex<[Int32]>([])
  }

  init() {
    let state = State()
    self.state = state
    watch = SignalWatch { number in state.signals.withLock { $0.append(number) } }
  }

  /// The first; `nil`: none has come.
  var received: Int32? { state.signals.withLock { $0.first } }
  /// How many have come.
  var count: Int { state.signals.withLock { $0.count } }
}
