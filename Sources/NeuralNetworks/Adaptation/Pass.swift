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
  /// The place of the first row that enters among those that masks are drawn for.
  let firstRow: Int
  let key: RandomKey
  let kept: PassMemory?

  /// The current value of a declared parameter.
  public subscript(_ parameter: Parameter) -> Tensor { parameters[parameter.name] }

  /// `x` with a dropout of the method's own: `probability` in training, none elsewhere. The same
  /// pass and place give the same mask.
  public func dropped(
    _ x: Tensor, _ probability: Float, _ path: SitePath, _ place: String
  ) -> Tensor {
    guard isTraining, probability > 0 else { return x }
    return x.dropout(
      probability, key: dropoutKey(path, place).after(rows: firstRow, width: x.width))
  }

  /// An attention with the backbone's dropout of probabilities, at a place of the method's own.
  public func dropping(
    _ shape: AttentionShape, _ path: SitePath, _ place: String
  ) -> AttentionShape {
    var shape = shape
    shape.dropout = dropout
    shape.dropoutKey = dropout == 0 ? key : dropoutKey(path, place)
    shape.dropoutRow = firstRow
    return shape
  }

  private func dropoutKey(_ path: SitePath, _ place: String) -> RandomKey {
    key.folding(path.description).folding(place)
  }

  /// What `compute` makes, made once in a pass and once in a session of decoding.
  ///
  /// - Precondition: it depends on nothing but the parameters, the task and, in a decoder, the
  ///   sources: not on the rows that enter.
  public func once(_ path: SitePath, _ name: String, _ compute: () -> Tensor) -> Tensor {
    kept?("\(path)/\(name)", compute) ?? compute()
  }

  /// The rows of each source: those of neighbouring sequences that answer one taken together.
  ///
  /// - Precondition: `sources` ascends.
  public var rowsBySource: Segments {
    precondition(zip(sources, sources.dropFirst()).allSatisfy(<=), "\(sources) does not ascend")
    var counts = Array(repeating: 0, count: encoded?.segments.count ?? segments.count)
    for source in sources { counts[Int(source)] += 1 }
    return segments.joined(counts)
  }
}
