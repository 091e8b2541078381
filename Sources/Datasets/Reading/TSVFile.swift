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
  /// - Parameter required: the columns `take` asks for.
  /// - Throws: `DatasetError.malformed` for a missing column, a wrong field count or bad UTF-8.
  public func rows(
    _ required: [String], _ take: (TSVRow) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    let lines = try TextLines(file)
    var header = columns
    var places: [String: Int] = [:]
    try lines.forEach { (number, bytes) throws(DatasetError) in
      let place = FilePlace(path: lines.path, line: number)
      let fields = bytes.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
      guard let names = header else {
        let names = try fields.map { (field) throws(DatasetError) in try place.text(field) }
        header = names
        places = try locate(required, in: names, place)
        return
      }
      if places.isEmpty { places = try locate(required, in: names, place) }
      if fields.count < names.count, irregular == .skipped { return }
      guard fields.count == names.count else {
        throw place.malformed(
          "expected \(names.count) tab-separated fields, found \(fields.count)")
      }
      var texts: [String: String] = [:]
      for (name, column) in places { texts[name] = try place.text(fields[column]) }
      try take(TSVRow(place: place, texts: texts))
    }
    if header == nil {
      throw .malformed(
        path: lines.path, line: 1,
        "expected a header line with the columns \(required.joined(separator: ", ")), found an "
          + "empty file")
    }
  }

  private func locate(
    _ required: [String], in names: [String], _ line: FilePlace
  ) throws(DatasetError) -> [String: Int] {
    var places: [String: Int] = [:]
    for name in required {
      guard let place = names.firstIndex(of: name) else {
        throw line.malformed(
          "expected a column '\(name)', found only \(names.joined(separator: ", "))")
      }
      places[name] = place
    }
    return places
  }
}
