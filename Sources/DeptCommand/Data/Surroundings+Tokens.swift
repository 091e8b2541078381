import Backbones
import Crypto
import Datasets
import Experiments
import Foundation
import Scheduling
import Training

extension Surroundings {
  /// Where the ids of examples are kept.
  var tokenDirectory: URL { home.appending(path: "cache/tokens") }

  /// Where the ids of a run's examples are kept; `nil` where its data or vocabulary are not here.
  func tokenPlace(_ files: FileDigests) -> @Sendable (RunSpec) -> TokenPlace? {
    let digests = planDigests(files)
    return { spec in
      let keys = try? spec.datasets.map {
        try tokenKey(of: $0, as: spec.preparation, spec.backbone, digests, files)
      }
      return keys.map { TokenPlace(directory: tokenDirectory.path, keys: $0) }
    }
  }

  /// Stands for everything that decides the ids of a data set's examples: the data, their wording,
  /// the vocabulary.
  func tokenKey(
    of dataset: DatasetID, as preparation: Preparation, _ backbone: BackboneID,
    _ digests: PlanDigests, _ files: FileDigests
  ) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let vocabulary = try LoadedBackbone.vocabularyFiles(in: backboneDirectory(backbone))
    let parts = [
      "tokens 1", try digests.data(dataset),
      String(decoding: try encoder.encode(preparation), as: UTF8.self),
      try vocabulary.isEmpty ? digests.backbone(backbone) : files.digest(of: vocabulary),
    ]
    let hash = SHA256.hash(data: Data(parts.joined(separator: "\n").utf8))
    return hash.prefix(16).map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }
}
