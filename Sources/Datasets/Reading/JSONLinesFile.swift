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
    let lines = try TextLines(file)
    let decoder = JSONDecoder()
    try lines.forEach { (number, bytes) throws(DatasetError) in
      guard bytes.contains(where: { $0 != 0x20 && $0 != 0x09 }) else { return }
      let line = Data(bytes)
      let record: Record
      do {
        record = try decoder.decode(type, from: line)
      } catch {
        let fault = JSONFault(error, in: line)
        throw .malformed(
          path: lines.path, line: number, column: fault.column, field: fault.field, fault.problem)
      }
      try take(record, FilePlace(path: lines.path, line: number))
    }
  }
}
