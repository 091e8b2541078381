public import TensorEngine

/// Which sequences the rows of a stack belong to, and which sources those answer.
public struct RowLayout: Sendable {
  /// The sequences of the rows.
  public let segments: Segments
  /// For each sequence, the index of its source in the batch.
  public let sources: [Int32]
  /// The encoder's hidden states of all sources, where a decoder reads them.
  public let encoded: EmbeddedInput?
  /// The place of the first row among those that dropout masks are drawn for.
  public let firstRow: Int

  public init(
    segments: Segments, sources: [Int32]? = nil, encoded: EmbeddedInput? = nil, firstRow: Int = 0
  ) {
    self.segments = segments
    self.sources = sources ?? (0..<Int32(segments.count)).map { $0 }
    self.encoded = encoded
    self.firstRow = firstRow
  }

  /// Rows of which nothing is known.
  static let none = RowLayout(segments: Segments(lengths: []))
}
