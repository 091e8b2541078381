import Foundation

/// The package's own text: its manifest and its Swift and C files.
struct SourceTree: Sendable {
  /// A file and its lines.
  struct File: Sendable, CustomStringConvertible {
    /// From the root of the package: `Sources/Kernels/pool.c`.
    let path: String
    let lines: [Substring]

    /// `Kernels` of `Sources/Kernels/pool.c`.
    var target: String {
      let parts = path.split(separator: "/")
      let place = path.hasPrefix("Tests/Support/") ? 2 : 1
      return parts.count > place + 1 ? String(parts[place]) : ""
    }
    /// The file's name without what follows its last dot.
    var stem: String {
      URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
    }
    var isSwift: Bool { path.hasSuffix(".swift") }
    var description: String { path }
  }

  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Every file of code under `folder`, sorted.
  static func files(_ folder: String) throws -> [File] {
    let paths =
      FileManager.default.subpaths(
        atPath: root.appendingPathComponent(folder).path) ?? []
    return try paths.sorted().compactMap { path in
      guard ["swift", "c", "h", "cpp"].contains(where: { path.hasSuffix("." + $0) }) else {
        return nil
      }
      let text = try String(
        contentsOf: root.appendingPathComponent("\(folder)/\(path)"), encoding: .utf8)
      var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      if lines.last?.isEmpty == true { lines.removeLast() }
      return File(path: "\(folder)/\(path)", lines: lines)
    }
  }

  static func manifest() throws -> Manifest {
    Manifest(
      try String(contentsOf: root.appendingPathComponent("Package.swift"), encoding: .utf8))
  }
}
