import Backbones
import Datasets
import Experiments
import Foundation
import Scheduling

extension Surroundings {
  /// Where the ids of examples are kept.
  var tokenDirectory: URL { home.appending(path: "cache/tokens") }

  /// Where the ids of a run's examples are kept; `nil` where its data or vocabulary are not here.
  func tokenPlace(_ files: FileDigests) -> @Sendable (RunSpec) -> TokenPlace? {
    let digests = planDigests(files)
    return { spec in
      let keys = try? spec.datasets.map {
        try digests.tokenKey(
          of: $0, as: spec.preparation, spec.backbone, in: backboneDirectory(spec.backbone), files)
      }
      return keys.map { TokenPlace(directory: tokenDirectory.path, keys: $0) }
    }
  }
}
