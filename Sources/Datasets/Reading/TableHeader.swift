/// Which columns a table has, and which of them are read.
struct TableHeader {
  /// The number of columns.
  let count: Int
  private let places: [(name: String, column: Int)]

  /// - Parameters:
  ///   - names: the table's columns.
  ///   - required: what is read.
  ///   - optional: what is read where the table has it.
  /// - Throws: `DatasetError.malformed` where a column is missing or there twice.
  init(
    _ names: [String], required: [String], optional: [String], _ place: FilePlace
  ) throws(DatasetError) {
    count = names.count
    var places: [(name: String, column: Int)] = []
    for name in required + optional {
      guard let column = names.firstIndex(of: name) else {
        if optional.contains(name) { continue }
        throw .missingColumn(
          path: place.path, name: name, found: names.joined(separator: ", "))
      }
      guard names.lastIndex(of: name) == column else {
        throw place.malformed(
          "expected one column '\(name)', found \(names.count { $0 == name }): rename the others")
      }
      places.append((name, column))
    }
    self.places = places
  }

  /// The row with these fields.
  ///
  /// - Precondition: there are as many fields as columns.
  func row(_ fields: [ArraySlice<UInt8>], _ place: FilePlace) throws(DatasetError) -> TableRow {
    var texts: [String: String] = [:]
    for (name, column) in places { texts[name] = try place.text(fields[column], field: name) }
    return TableRow(place: place, texts: texts)
  }

  /// What is wrong with a file that ends before its header.
  static func missing(_ required: [String], in path: String) -> DatasetError {
    FilePlace(path: path, line: 1).malformed(
      "expected a header line with the columns \(required.joined(separator: ", ")), found an "
        + "empty file")
  }
}
