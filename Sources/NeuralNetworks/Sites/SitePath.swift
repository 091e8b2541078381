/// The canonical address of a site, and the prefix of parameter names on disk.
public struct SitePath: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The part of the model a site belongs to.
  public enum Stack: String, Hashable, Sendable, Codable, CaseIterable {
    case shared, encoder, decoder
  }

  /// What a site is, in words that hold for every backbone.
  public enum Part: String, Hashable, Sendable, Codable, CaseIterable {
    case input, embedding, position, head
    case query, key, value, output
    case crossQuery = "cross-query"
    case crossKey = "cross-key"
    case crossValue = "cross-value"
    case crossOutput = "cross-output"
    case attention
    case crossAttention = "cross-attention"
    case feedForward = "feed-forward"
    case gate, up, down, block
    case attentionNorm = "attention-norm"
    case crossAttentionNorm = "cross-attention-norm"
    case feedForwardNorm = "feed-forward-norm"
    case finalNorm = "final-norm"
    case positionBias = "position-bias"
    case queryBias = "query-bias"
    case keyBias = "key-bias"
    case valueBias = "value-bias"
    case outputBias = "output-bias"
    case upBias = "up-bias"
    case downBias = "down-bias"
    case attentionNormBias = "attention-norm-bias"
    case feedForwardNormBias = "feed-forward-norm-bias"
    case finalNormBias = "final-norm-bias"
  }

  public let stack: Stack
  /// Counts from 0; `nil` for what a stack has once.
  public let layer: Int?
  public let part: Part

  public init(_ stack: Stack, _ layer: Int? = nil, _ part: Part) {
    self.stack = stack
    self.layer = layer
    self.part = part
  }

  public var description: String {
    [stack.rawValue, layer.map(String.init), part.rawValue].compactMap(\.self)
      .joined(separator: ".")
  }

  public static func < (a: Self, b: Self) -> Bool { a.description < b.description }
}
