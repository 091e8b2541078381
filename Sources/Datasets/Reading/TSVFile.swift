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

  /// The rows, in file order, each turned into a value by `make`.
  ///
  /// - Parameter required: the columns `make` asks for.
  /// - Throws: `DatasetError.malformed` for a missing column, a wrong field count or bad UTF-8.
  public func rows<Value>(
    _ required: [String], _ make: (TSVRow) throws(DatasetError) -> Value
  ) throws(DatasetError) -> [Value] {
    let lines = try TextLines(file)
    var header = columns
    var places: [String: Int] = [:]
    var values: [Value] = []
    try lines.forEach { (number, bytes) throws(DatasetError) in
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw .malformed(path: lines.path, line: number, "expected UTF-8 text")
      }
      let fields = text.split(separator: "\t", omittingEmptySubsequences: false)
      guard let names = header else {
        header = fields.map(String.init)
        places = try locate(required, in: fields.map(String.init), lines.path)
        return
      }
      if places.isEmpty { places = try locate(required, in: names, lines.path) }
      if fields.count < names.count, irregular == .skipped { return }
      guard fields.count == names.count else {
        throw .malformed(
          path: lines.path, line: number,
          "expected \(names.count) tab-separated fields, found \(fields.count)")
      }
      values.append(
        try make(TSVRow(path: lines.path, line: number, fields: fields, places: places)))
    }
    if header == nil {
      throw .malformed(
        path: lines.path, line: 1,
        "expected a header line with the columns \(required.joined(separator: ", ")), found an "
          + "empty file")
    }
    return values
  }

  private func locate(
    _ required: [String], in names: [String], _ path: String
  ) throws(DatasetError) -> [String: Int] {
    var places: [String: Int] = [:]
    for name in required {
      guard let place = names.firstIndex(of: name) else {
        throw .malformed(
          path: path, line: 1,
          "expected a column '\(name)', found only \(names.joined(separator: ", "))")
      }
      places[name] = place
    }
    return places
  }
}

/// One line of a `TSVFile`, its fields by column name.
public struct TSVRow {
  /// The file it comes from, and the line in it, from 1.
  public let path: String
  public let line: Int
  fileprivate let fields: [Substring]
  fileprivate let places: [String: Int]

  fileprivate init(path: String, line: Int, fields: [Substring], places: [String: Int]) {
    self.path = path
    self.line = line
    self.fields = fields
    self.places = places
  }

  /// The field of one of the required columns, as it stands.
  public subscript(column: String) -> String {
    guard let place = places[column] else {
      preconditionFailure("the column '\(column)' was not asked for")
    }
    return String(fields[place])
  }

  /// The target that the field of `column` is mapped to.
  public func label(
    _ column: String, _ targets: KeyValuePairs<String, String>
  ) throws(DatasetError) -> String {
    let field = self[column]
    guard let target = targets.first(where: { $0.key == field })?.value else {
      throw .unexpected(field, of: targets, path: path, line: line, field: column)
    }
    return target
  }
}

extension DatasetError {
  /// A label that is none of those the data set has.
  static func unexpected(
    _ found: String, of targets: KeyValuePairs<String, String>, path: String, line: Int,
    field: String
  ) -> DatasetError {
    let expected = targets.map(\.key).joined(separator: ", ")
    return .malformed(
      path: path, line: line, field: field, "expected one of \(expected), found '\(found)'")
  }
}
