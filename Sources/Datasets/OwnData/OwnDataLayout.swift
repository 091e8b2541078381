import Foundation

/// Which file of the user's own data holds which split.
struct OwnDataLayout {
  /// In the order of `Split.allCases`; a single file for everything counts as training data.
  let parts: [(split: Split, file: URL)]

  var files: [URL] { parts.map(\.file) }

  init(at location: URL) throws(DatasetError) {
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: location.path, isDirectory: &isFolder)
    if exists, isFolder.boolValue {
      parts = OwnDataLayout.present { location.appending(path: "\($0).jsonl") }
    } else if let family = OwnDataLayout.family(of: location, exists: exists) {
      parts = OwnDataLayout.present {
        location.deletingLastPathComponent().appending(path: "\(family).\($0).jsonl")
      }
    } else {
      parts = exists ? [(.train, location)] : []
    }
    guard !parts.isEmpty else {
      guard exists else { throw .missing(path: location.path) }
      throw .missing(path: location.appending(path: "train.jsonl").path)
    }
  }

  /// `NAME` where the path stands for `NAME.train.jsonl` and its siblings.
  private static func family(of location: URL, exists: Bool) -> String? {
    let name = location.lastPathComponent
    for split in Split.allCases where name.hasSuffix(".\(split).jsonl") {
      return String(name.dropLast(".\(split).jsonl".count))
    }
    guard !exists else { return nil }
    return name.hasSuffix(".jsonl") ? String(name.dropLast(".jsonl".count)) : name
  }

  private static func present(_ file: (Split) -> URL) -> [(split: Split, file: URL)] {
    Split.allCases.map { ($0, file($0)) }
      .filter { FileManager.default.fileExists(atPath: $0.1.path) }
  }
}
