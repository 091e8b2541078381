public import Foundation

/// A data set that is downloaded: a reader for its published parts and a rule that splits them.
///
/// Laws: records come in file order; a file that is read twice gives the same records; a damaged
/// file gives `DatasetError.malformed` with its line, never a crash and never a shorter data set.
public protocol PublishedDataset: Dataset {
  /// How the published parts become the three splits.
  var splitRule: SplitRule { get }
  /// The published files in the data set's folder, by the part they hold.
  var paths: [Split: String] { get }
  /// Further files that records depend on, in a fixed order.
  var companions: [String] { get }
  /// What a model reads.
  var wording: Template { get }
  /// Reads one published file, in file order.
  ///
  /// - Parameters:
  ///   - file: the file of `part`.
  ///   - take: gets each record.
  /// - Throws: `DatasetError.malformed` with file, line and field.
  func read(
    _ file: URL, of part: Split, as form: DataForm,
    _ take: (Record) throws(DatasetError) -> Void
  ) throws(DatasetError)
}

extension PublishedDataset {
  public var companions: [String] { [] }
  public var template: Template? { wording }

  public func files(in dataDirectory: URL) throws(DatasetError) -> [URL] {
    let parts = Split.allCases.filter(splitRule.parts.contains).compactMap { paths[$0] }
    var files: [String] = []
    for path in parts + companions where !files.contains(path) { files.append(path) }
    return files.map { dataDirectory.appending(path: "\(id)/\($0)") }
  }

  /// The examples of one published file, all of them, in file order.
  ///
  /// - Throws: `DatasetError.malformed` with file, line and field.
  public func examples(
    in file: URL, of part: Split = .train, as preparation: Preparation = .standard
  ) throws(DatasetError) -> [Example] {
    let maker = ExampleMaker(preparation, template: wording, of: self)
    var examples: [Example] = []
    try read(file, of: part, as: preparation.form) { (record) throws(DatasetError) in
      examples.append(maker.example(record))
    }
    return examples
  }

  public func load(
    from dataDirectory: URL, as preparation: Preparation
  ) throws(DatasetError) -> PreparedDataset {
    try splitRecords(from: dataDirectory, as: preparation)
  }

  /// Reads, words and splits the examples: one for each record.
  func splitRecords(
    from dataDirectory: URL, as preparation: Preparation
  ) throws(DatasetError) -> PreparedDataset {
    for file in try files(in: dataDirectory)
    where !FileManager.default.fileExists(atPath: file.path) {
      throw .notFetched(id, missing: file.path)
    }
    try preparation.check(against: self)
    let maker = ExampleMaker(preparation, template: wording, of: self)
    let splits = try splitRule.apply(to: id) { (part: Split) throws(DatasetError) -> Examples in
      guard let path = paths[part] else { return [] }
      let file = dataDirectory.appending(path: "\(id)/\(path)")
      var builder = PackedExamples.Builder(in: dataDirectory)
      try read(file, of: part, as: preparation.form) { (record) throws(DatasetError) in
        try builder.append(maker.example(record))
      }
      let examples = Examples(try builder.finish())
      guard !examples.isEmpty else { throw .empty(path: file.path) }
      return examples
    }
    return PreparedDataset(id, splits)
  }
}
