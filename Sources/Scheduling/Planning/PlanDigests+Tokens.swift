public import Backbones
import Crypto
public import Datasets
import Foundation

extension PlanDigests {
  /// Stands for everything that decides the ids of a data set's examples: the data, their wording,
  /// the vocabulary.
  ///
  /// - Parameters:
  ///   - directory: the backbone's; backbones that share a vocabulary share ids.
  ///   - files: the memory of digests; the caller saves it.
  /// - Throws: what the data set or the vocabulary lack.
  public func tokenKey(
    of dataset: DatasetID, as preparation: Preparation, _ backbone: BackboneID,
    in directory: String, _ files: FileDigests
  ) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let vocabulary = LoadedBackbone.vocabularyFiles(in: directory)
    let parts = [
      "tokens 2", try data(dataset),
      (try? Architecture(directory: directory))?.sourceEnding ?? "",
      String(decoding: try encoder.encode(preparation), as: UTF8.self),
      try vocabulary.isEmpty ? self.backbone(backbone) : files.digest(of: vocabulary),
    ]
    return SHA256.hash(data: Data(parts.joined(separator: "\n").utf8)).hexadecimal
  }
}
