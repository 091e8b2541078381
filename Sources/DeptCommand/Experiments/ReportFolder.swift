import Documents
import Foundation
import Rendering

/// Where a report is written.
struct ReportFolder {
  let path: String
  var formats: Set<ReportFiles.Format> = [.html, .markdown, .latex]
  /// Seconds after which a browser reads the page again; `nil`: never.
  var reloadsEvery: Int?

  /// `reports/<experiment>` in the current directory.
  static func standard(for experiment: String) -> ReportFolder {
    ReportFolder(path: "reports/\(FolderName.of(experiment))")
  }

  /// Writes what has changed, and returns the path of the file to look at.
  ///
  /// - Throws: `Failure` where the folder cannot be written.
  func write(_ document: Document) throws -> String {
    let files = ReportFiles(document, reloadsEvery: reloadsEvery).files(formats)
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      for file in files where content(of: file.path) != Data(file.text.utf8) {
        let url = URL(filePath: "\(path)/\(file.path)")
        try FileManager.default.createDirectory(
          at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(file.text.utf8).write(to: url, options: .atomic)
      }
    } catch {
      throw Failure(
        .unavailable, "the report cannot be written to \(path): \(error.localizedDescription)")
    }
    return files.first.map { "\(path)/\($0.path)" } ?? path
  }

  /// The names of files that are missing or differ from what would be written now.
  func outdated(_ document: Document) -> [String] {
    ReportFiles(document, reloadsEvery: reloadsEvery).files(formats)
      .filter { content(of: $0.path) != Data($0.text.utf8) }.map(\.path)
  }

  private func content(of name: String) -> Data? {
    FileManager.default.contents(atPath: "\(path)/\(name)")
  }
}
