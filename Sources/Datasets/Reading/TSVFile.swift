public import Foundation

/// A tab-separated file in which quotes are ordinary characters.
public struct TSVFile: Hashable, Sendable {
  /// What is done with a line that does not have as many fields as the file has columns.
  public enum Irregular: Hashable, Sendable {
    /// The line is an error.
    case refused
    /// A line with too few fields is skipped, as the published readers of some sets do.
    case skipped
  }

  public var file: URL
  /// The columns' names, where the file has no header line.
  public var columns: [String]?
  public var irregular: Irregular

  public init(_ file: URL, columns: [String]? = nil, irregular: Irregular = .refused) {
    self.file = file
    self.columns = columns
    self.irregular = irregular
  }

  /// Calls `take` with each row, in file order.
  ///
  /// - Parameters:
  ///   - required: the columns `take` asks for.
  ///   - optional: further columns it gets where the file has them.
  /// - Throws: `DatasetError.malformed` for a missing column, a wrong field count or bad UTF-8.
  public func rows(
    _ required: [String], optional: [String] = [], _ take: (TableRow) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    let lines = try TextLines(file)
    var header: TableHeader?
    try lines.forEach { (number, bytes) throws(DatasetError) in
      let place = FilePlace(path: lines.path, line: number)
      let fields = bytes.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
      guard let known = header else {
        if let columns {
          header = try TableHeader(columns, required: required, optional: optional, place)
          try self.take(fields, of: header, place, take)
        } else {
          let names = try fields.map { (field) throws(DatasetError) in try place.text(field) }
          header = try TableHeader(names, required: required, optional: optional, place)
        }
        return
      }
      try self.take(fields, of: known, place, take)
    }
    if header == nil, columns == nil { throw TableHeader.missing(required, in: lines.path) }
  }

  private func take(
    _ fields: [ArraySlice<UInt8>], of header: TableHeader?, _ place: FilePlace,
    _ take: (TableRow) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    guard let header else { return }
    if fields.count < header.count, irregular == .skipped { return }
    guard fields.count == header.count else {
      throw place.malformed(
        "expected \(header.count) tab-separated fields, found \(fields.count)")
    }
    try take(header.row(fields, place))
  }
}
