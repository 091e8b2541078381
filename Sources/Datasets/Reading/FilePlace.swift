/// A line of a file, for what is found wrong on it.
public struct FilePlace: Hashable, Sendable {
  public let path: String
  /// From 1.
  public let line: Int

  public init(path: String, line: Int) {
    self.path = path
    self.line = line
  }

  /// The fault that this line has.
  ///
  /// - Parameter column: the byte, from 1, where it is known.
  public func malformed(
    column: Int? = nil, field: String? = nil, _ problem: String
  ) -> DatasetError {
    .malformed(path: path, line: line, column: column, field: field, problem)
  }

  static let nulProblem =
    "expected text, found a NUL byte: save the file as UTF-8 text, without NUL bytes"
  static let returnProblem =
    "expected no carriage return within a line: end lines with LF or CRLF"
  static let encodingProblem = "expected UTF-8 text: save the file as UTF-8"

  /// The text of a part of this line.
  ///
  /// - Throws: `DatasetError.malformed` where it is not UTF-8.
  func text(
    _ bytes: ArraySlice<UInt8>, field: String? = nil
  ) throws(DatasetError) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw malformed(field: field, FilePlace.encodingProblem)
    }
    return text
  }

  /// The place of a label among those the data set has.
  ///
  /// - Throws: `DatasetError.malformed` where it is none of them.
  public func label(
    _ found: String, among names: [String], field: String
  ) throws(DatasetError) -> Int {
    guard let place = names.firstIndex(of: found) else {
      throw malformed(
        field: field, "expected one of \(names.joined(separator: ", ")), found '\(found)'")
    }
    return place
  }
}
