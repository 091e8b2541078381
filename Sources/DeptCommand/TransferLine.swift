import Fetching
import Foundation
import Synchronization

/// What downloads are doing, on standard error: bars where that is a terminal, else only what went
/// wrong. A class because it remembers what it drew, for all threads that fetch.
final class TransferLine: Sendable {
  private struct State {
    var board = TransferBoard()
    /// How many lines of the terminal the bars take now.
    var lines = 0
    var drawn: ContinuousClock.Instant?
  }

  private let isDrawn: Bool
  private let start = ContinuousClock.now
  private let state = Mutex(State())

  init(isDrawn: Bool) { self.isDrawn = isDrawn }

  func show(_ event: FetchEvent) {
    let now = ContinuousClock.now
    let sentence = Self.sentence(event)
    state.withLock { state in
      state.board.note(event, at: start.duration(to: now) / .seconds(1))
      if let sentence { say(sentence, &state) }
      draw(&state, now)
    }
  }

  /// Prints a line above the bars: on standard output what was asked for, on standard error a note.
  func print(_ line: String, isNote: Bool = false) {
    state.withLock { state in
      clear(&state)
      let handle = isNote ? FileHandle.standardError : FileHandle.standardOutput
      handle.write(Data("\(line)\n".utf8))
      state.drawn = nil
      draw(&state, ContinuousClock.now)
    }
  }

  /// Takes the bars away.
  func finish() { state.withLock { clear(&$0) } }

  /// What is worth a sentence also where no bar is drawn.
  private static func sentence(_ event: FetchEvent) -> String? {
    switch event {
    case .waiting(let name): "\(name) is being fetched already, waiting for that"
    case .started(let url, let bytes):
      bytes > 0 ? "\(url) goes on at \(FileSize.text(bytes))" : nil
    case .retrying(let url, let pause, let reason):
      "\(url): \(reason); trying again in \(pause.rounded(to: 1)) s"
    case .discarded(let path): "\(path) was damaged, it is downloaded again"
    case .unusable(let path, let reason): "\(path) is not used: \(reason); it is downloaded"
    case .planned, .received, .ended, .brought, .unpacking, .unpacked: nil
    }
  }

  /// Draws at most ten times a second, and always what is no longer true.
  private func draw(_ state: inout State, _ now: ContinuousClock.Instant) {
    guard isDrawn else { return }
    if let drawn = state.drawn, drawn.duration(to: now) < .milliseconds(100), state.board.isBusy {
      return
    }
    let lines = state.board.lines(width: Self.width - 1)
    state.drawn = now
    clear(&state)
    guard !lines.isEmpty else { return }
    write(lines.joined(separator: "\n"))
    state.lines = lines.count
  }

  private func say(_ text: String, _ state: inout State) {
    clear(&state)
    state.drawn = nil
    write("dept: \(text)\n")
  }

  /// Takes the bars from the terminal: up to their first line, and away with all below.
  private func clear(_ state: inout State) {
    guard state.lines > 0 else { return }
    write("\r" + (state.lines > 1 ? "\u{1B}[\(state.lines - 1)A" : "") + "\u{1B}[J")
    state.lines = 0
  }

  /// The columns of the terminal.
  private static var width: Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
