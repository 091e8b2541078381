import Checkpoints
import Foundation

/// The output folder of `dept train`.
struct TrainingFolder {
  let path: String

  init(_ path: String) { self.path = path }

  var metrics: String { "\(path)/metrics.jsonl" }
  var adapter: String { "\(path)/adapter.safetensors" }
  var predictions: String { "\(path)/predictions.jsonl" }
  var record: String { "\(path)/run.json" }
  var checkpoint: String { "\(path)/checkpoint.safetensors" }

  /// Makes the folder.
  ///
  /// - Throws: `Failure` where it cannot be made.
  func create() throws {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw Failure(
        .invalid, "The output folder \(path) cannot be made: \(SystemReason.text(of: error)).")
    }
  }

  /// Whether a training was interrupted here.
  var hasCheckpoint: Bool { FileManager.default.fileExists(atPath: checkpoint) }
}
