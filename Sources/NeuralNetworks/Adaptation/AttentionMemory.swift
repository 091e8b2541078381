public import TensorEngine

/// What the queries of an attention attend to: keys and values of a packed batch.
public struct AttentionMemory: Sendable {
  /// `[segments.rows, heads · headWidth]`.
  public private(set) var keys: Tensor
  /// `[segments.rows, heads · headWidth]`.
  public private(set) var values: Tensor
  /// Which rows belong to which sequence.
  public private(set) var segments: Segments
  /// Rows that were put before every sequence's own: its first own key is at this position.
  public private(set) var prefixLength = 0

  public init(keys: Tensor, values: Tensor, segments: Segments) {
    self.keys = keys
    self.values = values
    self.segments = segments
  }

  /// The same rows before those of every sequence: `keys` and `values` are
  /// `[length, heads · headWidth]`.
  public func prepending(keys prefixKeys: Tensor, values prefixValues: Tensor) -> AttentionMemory {
    let length = prefixKeys.shape[0]
    var memory = self
    memory.keys = keys.prepending(prefixKeys, toEach: segments)
    memory.values = values.prepending(prefixValues, toEach: segments)
    memory.segments = segments.extended(by: length)
    memory.prefixLength += length
    return memory
  }
}
