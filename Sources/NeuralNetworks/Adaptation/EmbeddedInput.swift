public import TensorEngine

/// The embedded tokens of a packed batch on their way into the first layer.
public struct EmbeddedInput: Sendable {
  /// `[segments.rows, width]`.
  public var embeddings: Tensor
  /// Which rows belong to which sequence.
  public var segments: Segments

  public init(embeddings: Tensor, segments: Segments) {
    self.embeddings = embeddings
    self.segments = segments
  }

  /// A soft prompt `[length, width]` before every sequence; positions move along.
  public func prepending(_ prompt: Tensor) -> EmbeddedInput {
    EmbeddedInput(
      embeddings: embeddings.prepending(prompt, toEach: segments),
      segments: segments.extended(by: prompt.shape[0]))
  }

  /// Row `i` of `table` `[positions, width]` added to position `i` of every sequence.
  ///
  /// - Precondition: no sequence is longer than the table.
  public func adding(byPosition table: Tensor) -> EmbeddedInput {
    EmbeddedInput(
      embeddings: embeddings.adding(rowsOf: table, at: segments.positions), segments: segments)
  }
}
