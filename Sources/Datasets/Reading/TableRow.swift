/// One row of a table, its fields by column name.
public struct TableRow: Hashable, Sendable {
  /// Where the row starts.
  public let place: FilePlace
  /// The fields of the columns that were asked for, as they stand.
  public let texts: [String: String]

  /// The field of one of the required columns, as it stands.
  public subscript(column: String) -> String {
    guard let text = texts[column] else {
      preconditionFailure("the column '\(column)' was not asked for")
    }
    return text
  }

  /// The fields of these columns, by name.
  public func texts(_ columns: String...) -> [String: String] {
    texts.filter { columns.contains($0.key) }
  }

  /// The place of the field of `column` among the labels of the data set.
  public func label(_ column: String, _ names: [String]) throws(DatasetError) -> Int {
    try place.label(self[column], among: names, field: column)
  }
}
