import Foundation

/// The part of a download that is here: `NAME.part`, and beside it the version it belongs to.
struct PartialFile {
  let target: URL

  var file: URL { target.appendingPathExtension("part") }
  private var note: URL { target.appendingPathExtension("part.version") }

  /// The bytes that are here.
  var bytes: Int { FileManager.default.size(of: file) ?? 0 }

  /// The entity tag or modification time of the version on the server.
  var validator: String? {
    guard let text = try? String(contentsOf: note, encoding: .utf8), !text.isEmpty else {
      return nil
    }
    return text
  }

  func record(validator: String?) throws(FetchError) {
    try atFileSystem(note.path) { try Data((validator ?? "").utf8).write(to: note) }
  }

  func remove() {
    try? FileManager.default.removeItem(at: file)
    try? FileManager.default.removeItem(at: note)
  }

  /// Makes the part the whole.
  func finish() throws(FetchError) {
    guard rename(file.path, target.path) == 0 else {
      throw .fileSystem(target.path, code: errno)
    }
    try? FileManager.default.removeItem(at: note)
  }
}
