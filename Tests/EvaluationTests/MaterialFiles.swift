import Foundation

private let root = URL(filePath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent()

/// A file of the folder of public material beside the checkout, where there is one.
func shared(_ path: String) -> URL? {
  let folder =
    ProcessInfo.processInfo.environment["DEPT_SHARED"].map { URL(filePath: $0) }
    ?? root.deletingLastPathComponent().appending(path: "shared")
  let file = folder.appending(path: path)
  return FileManager.default.fileExists(atPath: file.path) ? file : nil
}

/// A file of reference values in the checkout.
func golden(_ name: String) -> URL { root.appending(path: "Tests/Golden/\(name)") }
