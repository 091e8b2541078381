public import Foundation

/// A data set that is downloaded: readers for its published parts and a rule that splits them.
public protocol PublishedDataset: Dataset {
  /// How the published parts become the three splits.
  var splitRule: SplitRule { get }
  /// The published files in the data set's folder, by the part they hold.
  var paths: [Split: String] { get }
  /// The examples of one published file, in file order.
  ///
  /// - Throws: `DatasetError.malformed` with file, line and field.
  func examples(in file: URL) throws(DatasetError) -> [Example]
}

extension PublishedDataset {
  public func files(in dataDirectory: URL) throws(DatasetError) -> [URL] {
    Split.allCases.filter(splitRule.parts.contains).compactMap { paths[$0] }.map {
      dataDirectory.appending(path: "\(id)/\($0)")
    }
  }

  public func load(from dataDirectory: URL) throws(DatasetError) -> PreparedDataset {
    for file in try files(in: dataDirectory)
    where !FileManager.default.fileExists(atPath: file.path) {
      throw .notFetched(id, missing: file.path)
    }
    let splits = try splitRule.apply(to: id) { (part: Split) throws(DatasetError) -> [Example] in
      guard let path = paths[part] else { return [] }
      return try examples(in: dataDirectory.appending(path: "\(id)/\(path)"))
    }
    return PreparedDataset(id, splits)
  }
}
