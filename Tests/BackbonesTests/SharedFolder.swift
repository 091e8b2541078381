import Foundation

/// The folder of reference data beside the package, where there is one.
enum SharedFolder {
  /// Why a test that needs the folder does not run.
  static let reason = "needs the shared reference data: set DEPT_SHARED or put it in ../shared"

  /// The path of a file or folder in it, or nil where that is missing.
  static func path(_ name: String) -> String? {
    let named = ProcessInfo.processInfo.environment["DEPT_SHARED"]
    let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let beside = package.appending(path: "../shared").standardizedFileURL
    let path = (named ?? beside.path(percentEncoded: false)) + "/" + name
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }
}
