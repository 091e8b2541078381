/// A table as papers print them: columns in groups, rows in groups, a caption, footnotes.
public struct Table: Hashable, Sendable, Codable {
  /// A short name for files and labels, such as `test-scores`; renderers make it unique.
  public var name: String
  public var caption: [Inline]
  /// How many leading columns name the row rather than report on it.
  public var headerColumns: Int
  public var columns: [TableColumn]
  public var groups: [RowGroup]
  public var footnotes: [Footnote]
  /// What the deviations of its scores are, in one word for file headers: `std`, `sem`, `ci95`.
  public var deviation: String

  public init(
    name: String, caption: [Inline] = [], headerColumns: Int = 1, columns: [TableColumn],
    groups: [RowGroup], footnotes: [Footnote] = [], deviation: String = "std"
  ) {
    self.name = name
    self.caption = caption
    self.headerColumns = headerColumns
    self.columns = columns
    self.groups = groups
    self.footnotes = footnotes
    self.deviation = deviation
  }
}

/// A column: its title, the groups it stands under, and how its cells line up.
public struct TableColumn: Hashable, Sendable, Codable {
  /// Where the text of a column stands.
  public enum Alignment: String, Hashable, Sendable, Codable { case leading, center, trailing }

  public var title: String
  /// Titles that span neighbouring columns, outermost first; equal neighbours share one.
  public var groups: [String]
  public var alignment: Alignment

  public init(_ title: String, groups: [String] = [], alignment: Alignment = .trailing) {
    self.title = title
    self.groups = groups
    self.alignment = alignment
  }
}

/// Rows between two rules, under a title of their own where there is one.
public struct RowGroup: Hashable, Sendable, Codable {
  public var title: String
  /// Cells in column order, as many as there are columns.
  public var rows: [[TableCell]]

  public init(_ title: String = "", rows: [[TableCell]]) {
    self.title = title
    self.rows = rows
  }
}

/// What a mark in a cell refers to.
public struct Footnote: Hashable, Sendable, Codable {
  public var mark: String
  public var text: [Inline]

  public init(_ mark: String, _ text: [Inline]) {
    self.mark = mark
    self.text = text
  }
}
