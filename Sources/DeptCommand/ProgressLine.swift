import Foundation

/// A progress bar on standard error; silent where that is not a terminal.
///
/// A class because it remembers what it drew.
final class ProgressLine {
  private let total: Int
  private let isDrawn: Bool
  private let label: String
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private var drawn: ContinuousClock.Instant?
  private var first: Int?

  init(total: Int, isDrawn: Bool, label: String) {
    self.total = total
    self.isDrawn = isDrawn
    self.label = label
    start = clock.now
  }

  /// Draws the bar, at most ten times a second.
  func update(_ done: Int, detail: String) {
    guard isDrawn else { return }
    let now = clock.now
    first = first ?? done - 1
    if let drawn, done < total, drawn.duration(to: now) < .milliseconds(100) { return }
    drawn = now
    let width = 24
    let filled = total > 0 ? min(width, width * done / total) : width
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
    let elapsed = start.duration(to: now)
    let steps = max(1, done - (first ?? 0))
    let left = elapsed / steps * max(0, total - done)
    write("\r\u{1B}[K\(label) \(bar) \(done)/\(total)  \(detail)  \(Self.time(left)) left")
  }

  /// A line above the bar; printed also where no bar is drawn.
  func say(_ line: String) {
    write(isDrawn ? "\r\u{1B}[K\(line)\n" : "\(line)\n")
  }

  /// Takes the bar away.
  func finish() {
    if isDrawn, drawn != nil { write("\r\u{1B}[K") }
  }

  private static func time(_ duration: Duration) -> String {
    let seconds = Int(duration.components.seconds)
    if seconds < 60 { return "\(seconds) s" }
    if seconds < 3600 { return "\(seconds / 60) min \(seconds % 60) s" }
    return "\(seconds / 3600) h \(seconds / 60 % 60) min"
  }

  private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
