import Datasets
import Foundation

extension Surroundings {
  /// The examples that `NAME[:split]` or a file of own data names, the data set they belong to, and
  /// how they were worded.
  ///
  /// - Parameter standard: the wording where the options ask for none and the data set can have it.
  /// - Throws: `DatasetError`, or `Failure` for a split that does not exist.
  func examples(
    of name: String, standardSplit: Split, _ options: PreparationOptions,
    orElse standard: Preparation = .standard
  ) throws -> (dataset: any Dataset, examples: Examples, preparation: Preparation) {
    if OwnDataset.isFile(name), FileManager.default.fileExists(atPath: name) {
      let dataset = OwnDataset(DatasetID(rawValue: name))
      let preparation = try options.preparation(of: dataset, orElse: standard)
      let examples = try OwnDataset.examples(in: URL(filePath: name), as: preparation)
      return (dataset, Examples(examples), preparation)
    }
    let (id, split) = try Self.parts(of: name)
    let dataset = try DatasetCatalogue.standard.dataset(id)
    let preparation = try options.preparation(of: dataset, orElse: standard)
    let prepared = try dataset.load(from: dataDirectory, as: preparation)
    return (dataset, prepared[split ?? standardSplit], preparation)
  }

  /// The data set and the split of `NAME[:split]`.
  ///
  /// - Throws: `Failure` for a split that does not exist.
  static func parts(of name: String) throws -> (DatasetID, Split?) {
    let parts = name.split(separator: ":", maxSplits: 1).map(String.init)
    guard parts.count == 2 else { return (DatasetID(rawValue: name), nil) }
    guard let split = Split(rawValue: parts[1]) else {
      throw Failure(
        .usage, "There is no split '\(parts[1])'; splits are train, validation, test.")
    }
    return (DatasetID(rawValue: parts[0]), split)
  }
}
