import Datasets
import Foundation

/// Small files in the layout and format of the published ones, written for these tests.
enum SampleFiles {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Samples", directoryHint: .isDirectory)

  /// The data sets of the catalogue that are downloaded.
  static let datasets: [any PublishedDataset] = DatasetCatalogue.standard.datasets.compactMap {
    $0 as? any PublishedDataset
  }

  /// The files of a data set that its records are read from, with the part each holds.
  static func parts(of dataset: any PublishedDataset) -> [(part: Split, path: String)] {
    Split.allCases.filter(dataset.splitRule.parts.contains).compactMap { part in
      dataset.paths[part].map { (part, $0) }
    }
  }
}
