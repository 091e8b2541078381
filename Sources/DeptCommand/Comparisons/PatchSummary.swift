import Foundation

/// What a patch changes: lines added and removed, file by file.
struct PatchSummary: Hashable {
  struct File: Hashable {
    var added = 0
    var removed = 0
    /// The patch of this file.
    var text = ""

    /// `+3 −1`.
    var count: String { "+\(added) −\(removed)" }
  }

  private(set) var files: [String: File] = [:]

  /// - Parameter patch: as `git diff` prints it.
  init(_ patch: String) {
    var name: String?
    for line in patch.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("diff --git ") {
        name = line.components(separatedBy: " b/").last
        if let name { files[name] = File() }
      }
      guard let name else { continue }
      files[name]?.text += line + "\n"
      if line.hasPrefix("+"), !line.hasPrefix("+++ ") { files[name]?.added += 1 }
      if line.hasPrefix("-"), !line.hasPrefix("--- ") { files[name]?.removed += 1 }
    }
  }

  /// The files that two patches change differently.
  static func differences(_ first: String, _ second: String) -> [FieldDifference] {
    let files = (PatchSummary(first).files, PatchSummary(second).files)
    return Set(files.0.keys).union(files.1.keys).sorted().compactMap { name in
      let (a, b) = (files.0[name], files.1[name])
      guard a != b else { return nil }
      return FieldDifference(field: name, first: a?.count, second: b?.count)
    }
  }
}
