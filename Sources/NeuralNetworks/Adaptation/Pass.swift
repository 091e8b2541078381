public import TensorEngine

/// What a method's function may look at while it acts in one forward pass.
public struct Pass: Sendable {
  /// The current values of everything that is trained or held.
  public let parameters: Parameters
  /// The task that the batch belongs to, among those of a multi-task run; 0 elsewhere.
  public let task: Int
  /// The sequences of the rows that enter.
  public let segments: Segments
  /// For each sequence, the index of its source in the batch.
  public let sources: [Int32]
  /// In a decoder beside an encoder, the encoder's hidden states of all sources.
  public let encoded: EmbeddedInput?
  /// The dropout probability of the backbone in this pass; 0 outside training.
  public let dropout: Float
  /// Whether the pass is one of training, where a method's own dropout is on.
  public let isTraining: Bool
  let key: RandomKey

  /// The current value of a declared parameter.
  public subscript(_ parameter: Parameter) -> Tensor { parameters[parameter.name] }

  /// `x` with a dropout of the method's own: `probability` in training, none elsewhere. The same
  /// pass and place give the same mask.
  public func dropped(
    _ x: Tensor, _ probability: Float, _ path: SitePath, _ place: String
  ) -> Tensor {
    guard isTraining, probability > 0 else { return x }
    return x.dropout(probability, key: key.folding(path.description).folding(place))
  }
}
