import Checkpoints
import TensorEngine

extension T5 {
  /// The model of a checkpoint.
  ///
  /// - Throws: `CheckpointError` for a missing tensor or a wrong shape.
  init(_ configuration: T5Configuration, _ checkpoint: Checkpoint, storing dtype: DType) throws {
    try self.init(
      configuration,
      source: Self.storing(dtype) { name, shape in
        try checkpoint.tensor(named: Self.checkpointName(name, in: checkpoint), shape: shape)
      })
  }

  /// The name a tensor has in a checkpoint: some save the shared embeddings under another.
  private static func checkpointName(_ name: String, in checkpoint: Checkpoint) -> String {
    guard name == "shared.weight", checkpoint.entry(named: name) == nil else { return name }
    let other = "encoder.embed_tokens.weight"
    return checkpoint.entry(named: other) == nil ? name : other
  }
}
