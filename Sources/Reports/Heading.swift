public import Documents
public import Experiments

/// A section's heading.
public struct Heading: Cell {
  public var text: String
  /// 2 for a section, 3 for a subsection, to 6.
  public var level: Int

  public init(_ text: String, level: Int = 2) {
    self.text = text
    self.level = min(6, max(2, level))
  }

  public func blocks(_ results: ResultSet) -> [Block] {
    [.heading(level: level, text: [.text(text)])]
  }
}
