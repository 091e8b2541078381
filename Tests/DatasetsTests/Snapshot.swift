import Foundation
import Testing

/// Files that prepared examples are compared with; `RECORD_SNAPSHOTS=1` writes them anew.
enum Snapshot {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Snapshots", directoryHint: .isDirectory)

  static func check(_ text: String, named name: String) throws {
    let file = folder.appending(path: name)
    if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
      return
    }
    guard let data = try? Data(contentsOf: file) else {
      Issue.record("Snapshots/\(name) is missing: run with RECORD_SNAPSHOTS=1 and look at it")
      return
    }
    let expected = String(decoding: data, as: UTF8.self).split(separator: "\n")
    let found = text.split(separator: "\n")
    for line in 0..<max(found.count, expected.count) {
      let found = line < found.count ? found[line] : "(end)"
      let expected = line < expected.count ? expected[line] : "(end)"
      if found == expected { continue }
      Issue.record(
        """
        Snapshots/\(name):\(line + 1) differs
        found:    \(found)
        expected: \(expected)
        Run with RECORD_SNAPSHOTS=1 if the change is wanted.
        """)
      return
    }
  }
}
