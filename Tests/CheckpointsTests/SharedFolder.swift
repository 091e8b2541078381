import Foundation

/// The folder of reference data beside the package, where there is one.
enum SharedFolder {
  /// Why a test that needs the folder does not run.
  static let reason = "needs the shared reference data: set DEPT_SHARED or put it in ../shared"

  /// Its path, or nil where it is missing.
  static let path: String? = {
    let named = ProcessInfo.processInfo.environment["DEPT_SHARED"]
    let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let beside = package.appending(path: "../shared").standardizedFileURL
    let path = named ?? beside.path(percentEncoded: false)
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }()

  /// Whether all these files are there.
  static func has(_ names: String...) -> Bool {
    guard let path else { return false }
    return names.allSatisfy { FileManager.default.fileExists(atPath: path + "/" + $0) }
  }
}
