public import NeuralNetworks
public import TensorEngine

/// A frozen language model. Immutable and `Sendable`: loaded once, it serves every run of a sweep.
public protocol Backbone: Sendable {
  /// The sites methods may act at.
  var anatomy: Anatomy { get }
  /// Every frozen tensor by its site.
  var weights: [SitePath: Tensor] { get }
  /// The checkpoint's name of every frozen tensor.
  var checkpointNames: [SitePath: String] { get }
  /// The dropout probability of its configuration, used while tuning.
  var dropout: Float { get }
  /// The id that ends a text.
  var endToken: Int { get }
  /// The most rows that a source with what methods put before it and a target have together, in a
  /// model that numbers positions; `nil`: any number.
  var longestSequence: Int? { get }
  /// What follows every source and asks for its target, where a target goes on from its source;
  /// `nil` where a source ends with the end token.
  var sourceEnding: String? { get }

  /// Teacher-forced logits at every target position, `[target tokens, vocabulary]`; each source is
  /// read once, however many targets it has.
  ///
  /// - Parameters:
  ///   - target: the targets of the first source, then those of the second, and so on.
  ///   - targetCounts: the number of targets of each source.
  func logits(
    source: PackedTokens, target: PackedTokens, targetCounts: [Int], _ forward: Forward
  ) -> Tensor

  /// The summed cross-entropy of the target tokens with teacher forcing, in nats, divided by
  /// `normalizer`: that of `logits`, which need not exist all at once.
  func loss(
    source: PackedTokens, target: PackedTokens, normalizer: Float, _ forward: Forward
  ) -> Tensor

  /// A session that writes one token at a time for each source; the source is read once.
  ///
  /// - Parameter queryCount: how many tokens will be written for a source at most, over all its
  ///   beams: a hint at what is worth preparing.
  func decoding(
    _ source: PackedTokens, queryCount: Int, _ forward: Forward
  ) -> any DecodingSession
}

extension Backbone {
  public var longestSequence: Int? { nil }
  public var sourceEnding: String? { nil }

  /// Teacher-forced logits at every target position, `[target tokens, vocabulary]`, of one target a
  /// source.
  public func logits(source: PackedTokens, target: PackedTokens, _ forward: Forward) -> Tensor {
    logits(
      source: source, target: target,
      targetCounts: Array(repeating: 1, count: source.segments.count), forward)
  }

  public func loss(
    source: PackedTokens, target: PackedTokens, normalizer: Float, _ forward: Forward
  ) -> Tensor {
    logits(source: source, target: target, forward)
      .crossEntropy(target.ids, normalizer: normalizer)
  }
}

/// Decoding in progress: rows (one a source, or one a beam) grow token by token.
public protocol DecodingSession {
  /// Reads one more token for each row and returns the logits of the next, `[rows, vocabulary]`.
  ///
  /// - Parameters:
  ///   - tokens: the token each row appends; `nil` on the first call, which begins one row a
  ///     source.
  ///   - parents: for each row the previous row it continues, in ascending order of source; rows
  ///     that nobody continues are dropped.
  mutating func advance(_ tokens: [Int32]?, parents: [Int32]) -> Tensor
}
