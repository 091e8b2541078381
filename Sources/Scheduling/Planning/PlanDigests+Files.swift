public import Backbones
import Crypto
public import Datasets
public import Foundation

extension PlanDigests {
  /// Digests of what lies on this machine.
  ///
  /// A data set's digest covers its files and its revision; one that needs no file is its name and
  /// revision, from which everything in it follows. A backbone's covers the files that are read of
  /// its directory, and neither its card nor where it came from; with random weights, what they
  /// follow from.
  ///
  /// - Parameters:
  ///   - files: the memory of digests; the caller saves it.
  ///   - dataDirectory: the folder under which fetched data sets lie.
  ///   - backboneDirectory: the directory of a backbone; throws where there is none.
  public init(
    files: FileDigests, catalogue: DatasetCatalogue = .standard, dataDirectory: URL,
    backboneDirectory: @escaping @Sendable (BackboneID) throws -> String
  ) {
    self.init(
      data: { id in
        let dataset = try catalogue.dataset(id)
        let paths = try dataset.files(in: dataDirectory).map(\.path)
        for path in paths where !FileManager.default.fileExists(atPath: path) {
          throw DatasetError.notFetched(dataset.id, missing: path)
        }
        let content = paths.isEmpty ? "" : try files.digest(of: paths)
        let description = "\(dataset.id)\nrevision \(dataset.revision)\n\(content)"
        return SHA256.hash(data: Data(description.utf8)).hexadecimal
      },
      backbone: { id in
        let directory = try backboneDirectory(id)
        guard let architecture = id.randomArchitecture else {
          return try files.digest(of: LoadedBackbone.files(in: directory))
        }
        let recipe = try RandomBackbone(architecture, directory: directory).recipe
        return SHA256.hash(data: Data(recipe.utf8)).hexadecimal
      })
  }
}
