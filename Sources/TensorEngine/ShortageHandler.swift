import Foundation
import Synchronization

/// What this process does about a request for memory that cannot be met.
enum ShortageHandler {
  private struct State: @unchecked Sendable {  // The spare block has one owner: this state.
    var handle: (@Sendable (MemoryShortage) -> Never)?
    /// Given back first, so that the handler has what it needs to say what happened.
    var spare: UnsafeMutableRawPointer?
  }

  private static let spareBytes = 1 << 20
  private static let state = Mutex(State())

  static func install(_ handler: @escaping @Sendable (MemoryShortage) -> Never) {
    state.withLock { state in
      state.handle = handler
      if state.spare == nil { state.spare = malloc(spareBytes) }
    }
  }

  /// Ends the process.
  static func end(_ shortage: MemoryShortage) -> Never {
    let handle = state.withLock { state in
      free(state.spare)
      state.spare = nil
      return state.handle
    }
    if let handle { handle(shortage) }
    let line = Array("\(shortage)\n".utf8)
    _ = write(STDERR_FILENO, line, line.count)
    exit(1)
  }
}
