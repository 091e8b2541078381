public import Foundation

/// A file with one JSON object a line; empty lines are skipped.
public struct JSONLinesFile: Hashable, Sendable {
  public var file: URL

  public init(_ file: URL) { self.file = file }

  /// The records, in file order, each turned into a value by `make` with its line number.
  ///
  /// - Throws: `DatasetError.malformed` with line, column and field.
  public func records<Record: Decodable, Value>(
    _ type: Record.Type, _ make: (Record, Int) throws(DatasetError) -> Value
  ) throws(DatasetError) -> [Value] {
    let lines = try TextLines(file)
    let decoder = JSONDecoder()
    var values: [Value] = []
    try lines.forEach { (number, bytes) throws(DatasetError) in
      guard bytes.contains(where: { $0 != 0x20 && $0 != 0x09 }) else { return }
      let line = Data(bytes)
      let record: Record
      do {
        record = try decoder.decode(type, from: line)
      } catch {
        throw DatasetError.malformed(JSONFault(error, in: line), path: lines.path, line: number)
      }
      values.append(try make(record, number))
    }
    return values
  }
}

extension DatasetError {
  fileprivate static func malformed(_ fault: JSONFault, path: String, line: Int) -> DatasetError {
    .malformed(path: path, line: line, column: fault.column, field: fault.field, fault.problem)
  }
}
