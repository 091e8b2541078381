public import TensorEngine

/// The embedded tokens of a packed batch on their way into the first layer.
public struct EmbeddedInput: Sendable {
  /// `[segments.rows, width]`.
  public var embeddings: Tensor
  /// Which rows belong to which sequence.
  public var segments: Segments
  /// The position of every sequence's first row, for backbones that number positions.
  public var firstPosition: Int
  /// What a network beside the stack put out, `[segments.rows, side width]`.
  public var beside: Tensor?

  public init(embeddings: Tensor, segments: Segments, firstPosition: Int = 0) {
    self.embeddings = embeddings
    self.segments = segments
    self.firstPosition = firstPosition
  }

  /// Parts of a batch, one after the other.
  ///
  /// - Precondition: there is at least one.
  public init(joining parts: [EmbeddedInput]) {
    embeddings = Tensor(joiningRows: parts.map(\.embeddings))
    segments = Segments(lengths: parts.flatMap { $0.segments.lengths.map(Int.init) })
    firstPosition = parts.first?.firstPosition ?? 0
    let others = parts.compactMap(\.beside)
    beside = others.isEmpty ? nil : Tensor(joiningRows: others)
  }

  /// A soft prompt `[length, width]` before every sequence; positions move along.
  public func prepending(_ prompt: Tensor) -> EmbeddedInput {
    replacing(
      embeddings.prepending(prompt, toEach: segments), segments.extended(by: prompt.shape[0]))
  }

  /// A soft prompt of its own before every sequence: `prompts` is `[sequences · length, width]`.
  public func prepending(each prompts: Tensor) -> EmbeddedInput {
    replacing(
      embeddings.prepending(each: prompts, toEach: segments),
      segments.extended(by: prompts.shape[0] / max(1, segments.count)))
  }

  /// Row `i` of `table` `[positions, width]` added to position `i` of every sequence.
  ///
  /// - Precondition: no sequence is longer than the table.
  public func adding(byPosition table: Tensor) -> EmbeddedInput {
    replacing(embeddings.adding(rowsOf: table, at: segments.positions), segments)
  }

  private func replacing(_ embeddings: Tensor, _ segments: Segments) -> EmbeddedInput {
    var input = self
    (input.embeddings, input.segments) = (embeddings, segments)
    return input
  }
}
