import Foundation

/// Public archives in their original layout, where they lie beside the checkout.
enum SharedMirror {
  /// The folder of public archives beside the checkout, where there is one.
  static let folder: URL? = {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let folder =
      ProcessInfo.processInfo.environment["DEPT_SHARED"].map { URL(filePath: $0) }
      ?? root.deletingLastPathComponent().appending(path: "shared")
    let mirror = folder.appending(path: "mirror", directoryHint: .isDirectory)
    return FileManager.default.fileExists(atPath: mirror.path) ? mirror : nil
  }()
}
