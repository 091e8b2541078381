import Foundation

/// Runs `body` with the path of an empty folder that is removed afterwards.
func inTemporaryFolder(_ body: (String) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory.appending(path: "dept-\(UUID())")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  try body(folder.path(percentEncoded: false))
}

/// Runs `body` with the path of a file in an empty folder that is removed afterwards.
func withTemporaryPath<Outcome>(_ name: String, _ body: (String) throws -> Outcome) throws
  -> Outcome
{
  let folder = FileManager.default.temporaryDirectory.appending(path: "dept-\(UUID())")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder.appending(path: name).path(percentEncoded: false))
}

/// The bytes of a safetensors file with this header and so many bytes of tensors.
func safetensorsBytes(header: String, body: [UInt8]) -> [UInt8] {
  let text = Array(header.utf8)
  return withUnsafeBytes(of: UInt64(text.count).littleEndian) { Array($0) } + text + body
}

func write(_ bytes: [UInt8], to path: String) throws {
  try Data(bytes).write(to: URL(filePath: path))
}
