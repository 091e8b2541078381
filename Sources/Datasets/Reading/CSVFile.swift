public import Foundation

/// A comma-separated file as RFC 4180 has it: quoted fields may hold commas, line ends and doubled
/// quotes.
public struct CSVFile: Hashable, Sendable {
  public var file: URL
  /// The columns' names, where the file has no header line.
  public var columns: [String]?

  public init(_ file: URL, columns: [String]? = nil) {
    self.file = file
    self.columns = columns
  }

  /// Calls `take` with each row, in file order; empty lines are skipped.
  ///
  /// - Parameters:
  ///   - required: the columns `take` asks for.
  ///   - optional: further columns it gets where the file has them.
  /// - Throws: `DatasetError.malformed` with the line on which the row, or a quote that is not
  ///   closed, starts.
  public func rows(
    _ required: [String], optional: [String] = [], _ take: (TableRow) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    let pieces = try FilePieces(file)
    var parser = CSVParser(path: pieces.path)
    var header: TableHeader?
    func record(_ record: CSVParser.Record) throws(DatasetError) {
      let place = FilePlace(path: pieces.path, line: record.line)
      if header == nil, let columns {
        header = try TableHeader(columns, required: required, optional: optional, place)
      }
      guard let header else {
        let names = try record.fields.map { (field) throws(DatasetError) in
          try place.text(field[...])
        }
        header = try TableHeader(names, required: required, optional: optional, place)
        return
      }
      guard record.fields.count == header.count else {
        throw place.malformed(
          "expected \(header.count) comma-separated fields, found \(record.fields.count): put "
            + "fields with commas in quotes")
      }
      try take(header.row(record.fields.map { $0[...] }, place))
    }
    try pieces.forEach { (piece) throws(DatasetError) in try parser.parse(piece, record) }
    try parser.finish(record)
    if header == nil, columns == nil { throw TableHeader.missing(required, in: pieces.path) }
  }
}
