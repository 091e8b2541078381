public import Foundation

/// A folder of its own for a test, removed with its content when the last reference goes.
///
/// A class, so that its end of life is noticed.
public final class TemporaryFolder: Sendable {
  public let url: URL
  public var path: String { url.path(percentEncoded: false) }

  public init() throws {
    url = FileManager.default.temporaryDirectory
      .appending(path: "dept-\(UUID().uuidString)", directoryHint: .notDirectory)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// Writes a file, its folders included, and returns its address.
  @discardableResult
  public func write(_ text: String, to path: String) throws -> URL {
    let file = url.appending(path: path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
    return file
  }
}
