import NeuralNetworks

extension MicroBatches {
  /// Examples that are computed at once: a part, or a piece of one.
  struct Piece {
    /// The number of the part.
    let part: Int
    let range: Range<Int>
    /// What comes before them in the part.
    let preceding: PrecedingExamples
  }

  /// The parts, each cut into pieces of about `rows` encoder rows; `nil`: each whole.
  ///
  /// - Parameter promptLength: encoder rows that a source has beside its tokens.
  func pieces(of batch: [TokenizedExample], promptLength: Int, rows: Int?) -> [Piece] {
    ranges.enumerated().flatMap { part, range -> [Piece] in
      guard let rows else {
        return [Piece(part: part, range: range, preceding: PrecedingExamples())]
      }
      let examples = Array(batch[range])
      let cut = MicroBatches(
        rows: examples.map { $0.source.count + promptLength }, parts: 1, budget: max(1, rows))
      var preceding = PrecedingExamples()
      preceding.longestTarget = examples.map(\.target.count).max()
      return cut.ranges.map { piece in
        defer {
          preceding.count += piece.count
          preceding.sourceTokens += examples[piece].reduce(0) { $0 + $1.source.count }
          preceding.targetTokens += examples[piece].reduce(0) { $0 + $1.target.count }
        }
        return Piece(
          part: part,
          range: range.lowerBound + piece.lowerBound..<range.lowerBound + piece.upperBound,
          preceding: preceding)
      }
    }
  }
}
