import Experiments
import Foundation
import RunStorage

/// A run with all that surrounded it, as `dept runs show --json` prints it.
struct RecordedRun: Encodable {
  let run: FrozenRun
  /// `nil` where it was not recorded.
  let surroundings: RunEnvironment?

  private enum Key: String, CodingKey { case environment }

  func encode(to encoder: any Encoder) throws {
    try run.encode(to: encoder)
    var container = encoder.container(keyedBy: Key.self)
    try container.encodeIfPresent(surroundings, forKey: .environment)
  }
}

extension RunStore {
  /// Prints a text that the store keeps for a run.
  ///
  /// - Throws: `Failure` where there is none.
  func show(_ hash: String?, of run: FrozenRun, _ subject: String) throws {
    guard let hash, let text = try provenanceText(hash) else {
      throw Failure(.missingInput, "run \(run.id.short) has no \(subject) in the store")
    }
    FileHandle.standardOutput.write(Data(text))
  }
}
