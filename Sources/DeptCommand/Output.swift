import Checkpoints
import Foundation

/// Standard output and error, as every command uses them.
enum Output {
  /// One JSON document with sorted keys, and nothing else, on standard output.
  static func json(_ value: some Encodable, pretty: Bool = true) throws {
    FileHandle.standardOutput.write(try data(value, pretty: pretty) + Data("\n".utf8))
  }

  /// A value as JSON on one line.
  static func line(_ value: some Encodable) throws -> String {
    String(decoding: try data(value, pretty: false), as: UTF8.self)
  }

  private static func data(_ value: some Encodable, pretty: Bool) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting =
      pretty
      ? [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
      : [.sortedKeys, .withoutEscapingSlashes]
    // A curve may hold infinities, for which JSON has no number.
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try encoder.encode(value)
  }

  /// A file as a whole.
  ///
  /// - Throws: `Failure` where it cannot be written, with the system's reason.
  static func write(_ data: Data, to path: String) throws {
    do {
      try data.write(to: URL(filePath: path), options: .atomic)
    } catch {
      throw Failure(.invalid, "\(path) cannot be written: \(SystemReason.text(of: error))")
    }
  }

  /// Checks that a file can be written before long work is done for it; what it holds stays.
  ///
  /// - Throws: `Failure` as `write`.
  static func checkWritable(_ path: String) throws {
    var isFolder: ObjCBool = false
    let files = FileManager.default
    let folder = URL(filePath: path).deletingLastPathComponent().path
    if files.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
      throw Failure(.invalid, "\(path) cannot be written: it is a folder")
    }
    guard files.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
      throw Failure(.invalid, "\(path) cannot be written: there is no folder \(folder)")
    }
    guard files.isWritableFile(atPath: folder) else {
      throw Failure(.invalid, "\(path) cannot be written: no permission in \(folder)")
    }
  }

  /// Text as it is, on standard output.
  static func text(_ text: String) {
    FileHandle.standardOutput.write(Data(text.utf8))
  }

  /// A line for people beside the results.
  static func note(_ line: String) {
    FileHandle.standardError.write(Data("\(line)\n".utf8))
  }
}
