import Foundation

/// Which file of the user's own data holds which split.
struct OwnDataLayout {
  /// In the order of `Split.allCases`; a single file for everything counts as training data.
  let parts: [(split: Split, file: URL)]

  var files: [URL] { parts.map(\.file) }

  /// - Throws: `DatasetError.missing` where there is no file, `.unusable` where a split has two.
  init(at location: URL) throws(DatasetError) {
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: location.path, isDirectory: &isFolder)
    if exists, isFolder.boolValue {
      parts = try OwnDataLayout.present(OwnFormat.allCases) { location.appending(path: $0) }
    } else if let family = OwnDataLayout.family(of: location, exists: exists) {
      let folder = location.deletingLastPathComponent()
      parts = try OwnDataLayout.present(family.formats) {
        folder.appending(path: "\(family.name).\($0)")
      }
    } else {
      guard !exists || OwnFormat(name: location.lastPathComponent) != nil else {
        throw .unusable(
          "\(location.path) is of no kind that can be read: save it as .jsonl (an object a line), "
            + ".csv or .tsv")
      }
      parts = exists ? [(.train, location)] : []
    }
    guard !parts.isEmpty else {
      guard exists else { throw .missing(path: location.path) }
      throw .missing(path: location.appending(path: "train.jsonl").path)
    }
  }

  /// `NAME` where the path stands for `NAME.train.EXT` and its siblings, and what EXT may be.
  private static func family(
    of location: URL, exists: Bool
  ) -> (name: String, formats: [OwnFormat])? {
    let name = location.lastPathComponent
    guard let format = OwnFormat(name: name) else {
      return exists ? nil : (name, OwnFormat.allCases)
    }
    for split in Split.allCases.flatMap(names) where name.hasSuffix(".\(split).\(format)") {
      return (String(name.dropLast(".\(split).\(format)".count)), [format])
    }
    return exists ? nil : (String(name.dropLast(".\(format)".count)), [format])
  }

  /// What files of a split are called.
  private static func names(of split: Split) -> [String] {
    split == .validation ? ["validation", "valid", "val", "dev"] : [split.rawValue]
  }

  private static func present(
    _ formats: [OwnFormat], _ file: (String) -> URL
  ) throws(DatasetError) -> [(split: Split, file: URL)] {
    var parts: [(split: Split, file: URL)] = []
    for split in Split.allCases {
      let files = OwnDataLayout.names(of: split)
        .flatMap { name in formats.map { file("\(name).\($0)") } }
        .filter { FileManager.default.fileExists(atPath: $0.path) }
      if files.count > 1 {
        throw .unusable(
          "\(files[0].path) and \(files[1].lastPathComponent) both hold the \(split) examples; "
            + "leave one of them there")
      }
      if let file = files.first { parts.append((split, file)) }
    }
    return parts
  }
}
