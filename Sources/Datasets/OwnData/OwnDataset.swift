public import Evaluation
public import Foundation

/// The user's own examples: JSON Lines of `{"source": …, "target": …, "references": […]}`.
///
/// The path names a folder with `train.jsonl`, `validation.jsonl` and `test.jsonl`; or `NAME.jsonl`
/// where `NAME.train.jsonl` and its siblings lie; or one file for everything. Where only one of
/// validation and test exists it is halved; where both are missing, a tenth each is held out.
public struct OwnDataset: Dataset {
  /// The path, relative to the current directory unless it is absolute.
  public let id: DatasetID
  public var title: String { location.deletingPathExtension().lastPathComponent }
  public let citation = "own data"
  public let licence = "own data"
  public let metrics: [Metric] = [.accuracy, .squadF1]

  public init(_ id: DatasetID) { self.id = id }

  /// Whether a name is a path rather than a catalogue name.
  public static func isPath(_ id: DatasetID) -> Bool {
    id.rawValue.hasSuffix(".jsonl") || id.rawValue.hasPrefix(".") || id.rawValue.contains("/")
  }

  /// Whether a name is that of one file of own data.
  public static func isFile(_ name: String) -> Bool {
    name.hasSuffix(".jsonl") && FileManager.default.fileExists(atPath: name)
  }

  /// The examples of one file, all of them, in file order.
  ///
  /// - Throws: `DatasetError.malformed` with line, column and field.
  public static func examples(
    in file: URL, as preparation: Preparation = .standard
  ) throws(DatasetError) -> [Example] {
    var examples: [Example] = []
    try JSONLinesFile(file).records(Record.self) { (record, place) throws(DatasetError) in
      if record.references?.isEmpty == true {
        throw place.malformed(
          field: "references",
          "expected at least one text, found an empty list: leave the field out")
      }
      examples.append(
        Example(source: record.source, target: record.target, references: record.references))
    }
    return examples
  }

  public func files(in dataDirectory: URL) throws(DatasetError) -> [URL] {
    try layout().files
  }

  public func load(
    from dataDirectory: URL, as preparation: Preparation
  ) throws(DatasetError) -> PreparedDataset {
    let layout = try layout()
    var parts: [Split: Examples] = [:]
    for (split, file) in layout.parts {
      parts[split] = Examples(try OwnDataset.examples(in: file))
    }
    return PreparedDataset(id, try OwnSplit(id: id).complete(parts))
  }

  private struct Record: Decodable {
    var source: String
    var target: String
    var references: [String]?
  }

  private var location: URL { URL(filePath: id.rawValue) }

  private func layout() throws(DatasetError) -> OwnDataLayout { try OwnDataLayout(at: location) }
}
