import Fetching
import Foundation
import Synchronization

/// What a download is doing, on standard error: a bar where that is a terminal, else only what went
/// wrong. A class because it remembers what it drew.
final class TransferLine: Sendable {
  private let isDrawn: Bool
  private let drawn = Mutex<ContinuousClock.Instant?>(nil)

  init(isDrawn: Bool) { self.isDrawn = isDrawn }

  func show(_ event: FetchEvent) {
    switch event {
    case .waiting(let name):
      say("\(name) is being fetched by another process, waiting for it")
    case .started(let url, let bytes):
      if bytes > 0 { say("\(url) goes on at \(Self.size(bytes))") }
    case .received(let url, let bytes, let total):
      draw(Self.bar(url, bytes, total), isLast: bytes == total)
    case .retrying(let url, let pause, let reason):
      say("\(url): \(reason); trying again in \(pause.rounded(to: 1)) s")
    case .unpacking(let name):
      draw("unpacking \(name)", isLast: true)
    case .discarded(let path):
      say("\(path) was damaged, it is downloaded again")
    }
  }

  /// Takes the bar away.
  func finish() {
    if isDrawn { write("\r\u{1B}[K") }
  }

  /// A size as people read it.
  static func size(_ bytes: Int) -> String {
    switch bytes {
    case ..<1000: "\(bytes) B"
    case ..<1_000_000: "\((Double(bytes) / 1000).rounded(to: 1)) kB"
    case ..<1_000_000_000: "\((Double(bytes) / 1_000_000).rounded(to: 1)) MB"
    default: "\((Double(bytes) / 1_000_000_000).rounded(to: 2)) GB"
    }
  }

  private static func bar(_ url: String, _ bytes: Int, _ total: Int?) -> String {
    let name = url.split(separator: "/").last.map(String.init) ?? url
    guard let total, total > 0 else { return "\(name) \(size(bytes))" }
    let filled = min(24, 24 * bytes / total)
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 24 - filled)
    return "\(name) \(bar) \(size(bytes)) of \(size(total))"
  }

  /// Draws at most ten times a second, and always the last of a file.
  private func draw(_ text: String, isLast: Bool) {
    guard isDrawn else { return }
    let now = ContinuousClock.now
    let isDue = drawn.withLock { last in
      if let last, !isLast, last.duration(to: now) < .milliseconds(100) { return false }
      last = now
      return true
    }
    if isDue { write("\r\u{1B}[K\(text)") }
  }

  private func say(_ text: String) { write("\(isDrawn ? "\r\u{1B}[K" : "")dept: \(text)\n") }

  private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
