import Documents
import Experiments

/// Footnotes on failed runs; the same words share one mark.
struct FailureNotes: Sendable {
  private(set) var footnotes: [Footnote] = []
  private var marks: [String: String] = [:]

  /// The mark of a footnote that says how many of `count` runs failed, and why the first did.
  mutating func mark(_ failures: [FrozenRun], of count: Int) -> String {
    let reason = failures.lazy.compactMap { $0.failure }.first
    var text = "\(failures.count) of \(counted(count, "run")) failed"
    if let reason {
      let place = reason.step.map { ", step \($0)" } ?? ""
      text += " (\(reason.kind.rawValue)\(place)): \(Self.shortened(reason.message))"
    }
    if let known = marks[text] { return known }
    let mark = Self.letters(footnotes.count)
    marks[text] = mark
    footnotes.append(Footnote(mark, [.text(text)]))
    return mark
  }

  /// `a`, `b`, … `z`, `aa`, …
  private static func letters(_ index: Int) -> String {
    let letter = String(UnicodeScalar(UInt8(97 + index % 26)))
    return index < 26 ? letter : letters(index / 26 - 1) + letter
  }

  private static func shortened(_ message: String) -> String {
    let line = message.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    return line.count <= 160 ? line : line.prefix(159) + "…"
  }
}
