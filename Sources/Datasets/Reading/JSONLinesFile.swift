public import Foundation

/// A file with one JSON object a line; empty lines are skipped.
public struct JSONLinesFile: Hashable, Sendable {
  public var file: URL

  public init(_ file: URL) { self.file = file }

  /// Calls `take` with each record and its place, in file order.
  ///
  /// - Throws: `DatasetError.malformed` with line, column and field.
  public func records<Record: Decodable>(
    _ type: Record.Type, _ take: (Record, FilePlace) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    let decoder = JSONDecoder()
    try decoded({ try decoder.decode(type, from: $0) }, take)
  }

  /// Calls `take` with the fields of each line that `columns` names, in file order.
  ///
  /// - Throws: `DatasetError.malformed` with line, column and field.
  func texts(
    _ columns: JSONTexts.Columns,
    _ take: (JSONTexts, FilePlace) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    let decoder = JSONDecoder()
    try decoded({ try decoder.decode(JSONTexts.self, from: $0, configuration: columns) }, take)
  }

  private func decoded<Record>(
    _ decode: (Data) throws -> Record, _ take: (Record, FilePlace) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    let lines = try TextLines(file)
    try lines.forEach { (number, bytes) throws(DatasetError) in
      guard bytes.contains(where: { $0 != 0x20 && $0 != 0x09 }) else { return }
      let line = Data(bytes)
      let place = FilePlace(path: lines.path, line: number)
      let record: Record
      do {
        record = try decode(line)
      } catch {
        // The decoder only says that such a line is no JSON.
        _ = try place.text(bytes)
        let fault = JSONFault(error, in: line)
        throw place.malformed(column: fault.column, field: fault.field, fault.problem)
      }
      try take(record, place)
    }
  }
}
