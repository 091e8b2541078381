public import Evaluation
public import Foundation

/// The user's own examples, in JSON Lines (`.jsonl`), `.csv` or `.tsv`.
///
/// The columns are `source` and `target`, and where the data have them `references` (a JSON list of
/// everything that is right) and `group`; a template and a target column of `Preparation` name
/// others. Tables have a header line. The path names a folder with `train.EXT`, `validation.EXT`
/// and `test.EXT`; or `NAME.EXT` where `NAME.train.EXT` and its siblings lie; or one file for
/// everything. Where only one of validation and test exists it is halved; where both are missing, a
/// tenth each is held out.
public struct OwnDataset: Dataset {
  /// The path, relative to the current directory unless it is absolute.
  public let id: DatasetID
  public var title: String { location.deletingPathExtension().lastPathComponent }
  public let citation = "own data"
  public let licence = "own data"
  public let metrics: [Metric] = [.accuracy, .squadF1]
  public var template: Template? { OwnDataset.plain }
  /// Any column may be named.
  public let fields: [String] = []

  static let plain: Template = "{source}"

  public init(_ id: DatasetID) { self.id = id }

  /// Whether a name is a path rather than a catalogue name.
  public static func isPath(_ id: DatasetID) -> Bool {
    isFile(id.rawValue) || id.rawValue.hasPrefix(".") || id.rawValue.contains("/")
  }

  /// Whether a name ends as that of a file of examples does: `.jsonl`, `.csv` or `.tsv`.
  public static func isFile(_ name: String) -> Bool { OwnFormat(name: name) != nil }

  /// The examples of one file, all of them, in file order; a file without one of the three
  /// extensions is read as JSON Lines.
  ///
  /// - Throws: `DatasetError.malformed` with line, column and field.
  public static func examples(
    in file: URL, as preparation: Preparation = .standard
  ) throws(DatasetError) -> [Example] {
    var examples: [Example] = []
    var words = OwnWords(preparation)
    try OwnFile(file, preparation).examples { (example) throws(DatasetError) in
      words.meet(example.target)
      examples.append(preparation.reworded(example))
    }
    try words.check(file.path)
    return examples
  }

  public func files(in dataDirectory: URL) throws(DatasetError) -> [URL] {
    try layout().files
  }

  public func load(
    from dataDirectory: URL, as preparation: Preparation
  ) throws(DatasetError) -> PreparedDataset {
    try preparation.check(against: self)
    var parts: [Split: Examples] = [:]
    var words = OwnWords(preparation)
    for (split, file) in try layout().parts {
      var builder = PackedExamples.Builder(in: dataDirectory)
      try OwnFile(file, preparation).examples { (example) throws(DatasetError) in
        words.meet(example.target)
        try builder.append(preparation.reworded(example))
      }
      let examples = Examples(try builder.finish())
      guard !examples.isEmpty else { throw .empty(path: file.path) }
      parts[split] = examples
    }
    try words.check(id.rawValue)
    return PreparedDataset(id, try OwnSplit(id: id).complete(parts))
  }

  private var location: URL { URL(filePath: id.rawValue) }

  private func layout() throws(DatasetError) -> OwnDataLayout { try OwnDataLayout(at: location) }
}
