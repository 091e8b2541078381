import Experiments
import RunStorage

/// Curves of runs as text, one under the other with the same axes, in Braille dots.
struct CurvePlot {
  /// The most columns that are drawn: two dots a character.
  static let columns = 2 * width
  private static let width = 72
  /// Rows of characters, of four dots each.
  private static let height = 6

  private let histories: [MetricHistory]

  init(_ histories: [MetricHistory]) { self.histories = histories }

  var text: String {
    let columns = histories.flatMap(\.columns)
    let finite = columns.flatMap { [$0.min, $0.max] }.filter(\.isFinite)
    let (low, high) = (finite.min() ?? 0, finite.max() ?? 0)
    let first = columns.map(\.firstStep).min() ?? 0
    let last = columns.map(\.lastStep).max() ?? 0
    return histories.map { history in
      guard let end = history.columns.last else {
        return "\(history.run.short)  no points of \(history.metric)\n"
      }
      let title =
        "\(history.run.short)  \(history.metric)  \(history.points) points, "
        + "\(RunListing.rounded(end.last)) at step \(end.lastStep)\n"
      return title + lines(history, low: low, high: high, first: first, last: last)
    }.joined(separator: "\n")
  }

  private func lines(
    _ history: MetricHistory, low: Double, high: Double, first: Int, last: Int
  ) -> String {
    var cells = [[UInt32]](
      repeating: [UInt32](repeating: 0, count: Self.width), count: Self.height)
    let dots = Self.height * 4 - 1
    func row(_ value: Double) -> Int? {
      guard value.isFinite else { return nil }
      return high > low ? Int(((high - value) / (high - low) * Double(dots)).rounded()) : dots / 2
    }
    let span = Double(last) - Double(first)
    for column in history.columns {
      guard let top = row(column.max) ?? row(column.min),
        let bottom = row(column.min) ?? row(column.max)
      else { continue }
      let place = span > 0 ? (Double(column.firstStep) - Double(first)) / span : 0
      let x = min(Self.columns - 1, Int(place * Double(Self.columns)))
      for y in top...bottom { cells[y / 4][x / 2] |= Self.dot(x % 2, y % 4) }
    }
    let labels = [RunListing.rounded(high), RunListing.rounded(low)]
    let margin = labels.map(\.count).max() ?? 0
    let rows = cells.enumerated().map { index, row in
      let label = index == 0 ? labels[0] : index == Self.height - 1 ? labels[1] : ""
      let space = String(repeating: " ", count: margin - label.count)
      let dots = String(String.UnicodeScalarView(row.compactMap { Unicode.Scalar(0x2800 + $0) }))
      return "\(space)\(label) \(dots)\n"
    }
    let (left, right) = ("step \(first)", String(last))
    let gap = String(repeating: " ", count: max(1, Self.width - left.count - right.count))
    return rows.joined() + String(repeating: " ", count: margin + 1) + left + gap + right + "\n"
  }

  /// The bit of a dot of a Braille character.
  private static func dot(_ x: Int, _ y: Int) -> UInt32 {
    y == 3 ? 0x40 << UInt32(x) : 1 << UInt32(y + 3 * x)
  }
}
