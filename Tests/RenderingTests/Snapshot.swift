import Foundation
import Testing

/// Files that rendered text is compared with; `RECORD_SNAPSHOTS=1` writes them anew.
enum Snapshot {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Snapshots")

  static func check(
    _ text: String, named name: String, _ location: SourceLocation = #_sourceLocation
  ) throws {
    let file = folder.appendingPathComponent(name)
    if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
      return
    }
    let expected = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    guard text != expected else { return }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let wanted = expected.split(separator: "\n", omittingEmptySubsequences: false)
    let place =
      zip(lines, wanted).enumerated().first { $1.0 != $1.1 }?.offset
      ?? min(lines.count, wanted.count)
    let found = place < lines.count ? lines[place] : "(end)"
    let sought = place < wanted.count ? wanted[place] : "(end)"
    Issue.record(
      """
      \(name):\(place + 1) differs
      found:    \(found)
      expected: \(sought)
      Run with RECORD_SNAPSHOTS=1 if the change is wanted.
      """, sourceLocation: location)
  }
}
