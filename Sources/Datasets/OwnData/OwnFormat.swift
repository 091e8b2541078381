import Foundation

/// The file formats of the user's own data, by their extensions.
enum OwnFormat: String, CaseIterable {
  /// One JSON object a line.
  case jsonl
  /// Comma-separated, as RFC 4180 has it.
  case csv
  /// Tab-separated, in which quotes are ordinary characters.
  case tsv

  /// The format that a file's name ends with.
  init?(name: String) {
    guard let dot = name.lastIndex(of: ".") else { return nil }
    self.init(rawValue: name[name.index(after: dot)...].lowercased())
  }
}
