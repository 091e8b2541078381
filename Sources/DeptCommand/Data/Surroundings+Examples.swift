import Datasets
import Foundation

extension Surroundings {
  /// The examples that `NAME[:split]` or a file of own data names, the data set they belong to, and
  /// how they were worded.
  ///
  /// - Throws: `DatasetError`, or `Failure` for a split that does not exist.
  func examples(
    of name: String, standardSplit: Split, _ options: PreparationOptions = PreparationOptions()
  ) throws -> (dataset: any Dataset, examples: Examples, preparation: Preparation) {
    if OwnDataset.isFile(name), FileManager.default.fileExists(atPath: name) {
      let dataset = OwnDataset(DatasetID(rawValue: name))
      let preparation = try options.preparation(of: dataset)
      let examples = try OwnDataset.examples(in: URL(filePath: name), as: preparation)
      return (dataset, Examples(examples), preparation)
    }
    let parts = name.split(separator: ":", maxSplits: 1).map(String.init)
    var split = standardSplit
    if parts.count == 2 {
      guard let named = Split(rawValue: parts[1]) else {
        throw Failure(
          .usage, "There is no split '\(parts[1])'; splits are train, validation, test.")
      }
      split = named
    }
    let dataset = try DatasetCatalogue.standard.dataset(DatasetID(rawValue: parts[0]))
    let preparation = try options.preparation(of: dataset)
    let prepared = try dataset.load(from: dataDirectory, as: preparation)
    return (dataset, prepared[split], preparation)
  }
}
