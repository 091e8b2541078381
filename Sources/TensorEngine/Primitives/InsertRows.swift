/// Rows put before or after every sequence of a packed batch: a soft prompt, a key–value cache.
struct InsertRows: Primitive {
  /// Where the rows go.
  enum Place: Sendable { case start, end }

  let segments: Segments
  let place: Place
  /// Whether all sequences get the same rows, or each its own (`[sequences · extra, width]`).
  let isShared: Bool
  let extra: Int

  /// The rows of the second operand.
  private var rowCount: Int { isShared ? extra : extra * segments.count }

  func shape(of operands: [Shape]) -> Shape {
    let (x, rows) = (operands[0], operands[1])
    precondition(
      x.count == 2 && rows.count == 2 && x[1] == rows[1] && x[0] == segments.rows
        && rows[0] == rowCount,
      "inserting \(rows) into \(segments.count) sequences of \(x)")
    return [segments.rows + extra * segments.count, x[1]]
  }

  func evaluate(_ operands: [Tensor], needs: Needs) -> Evaluation {
    let (x, rows) = (operands[0], operands[1])
    let width = x.width
    let value = Tensor.filled([segments.rows + extra * segments.count, width]) { out in
      forEachSequence(width) { own, inserted, source, block in
        (out + own).update(from: x.pointer + source, count: block)
        (out + inserted.out).update(from: rows.pointer + inserted.rows, count: extra * width)
      }
    }
    return Evaluation(value) { gradient in
      [
        needs[0] ? pull(gradient, width) : nil,
        needs[1] ? pullRows(gradient, width, count: rowCount) : nil,
      ]
    }
  }

  private func pull(_ gradient: Tensor, _ width: Int) -> Tensor {
    .filled([segments.rows, width]) { out in
      forEachSequence(width) { own, _, source, block in
        (out + source).update(from: gradient.pointer + own, count: block)
      }
    }
  }

  private func pullRows(_ gradient: Tensor, _ width: Int, count: Int) -> Tensor {
    .filled([count, width]) { out in
      out.update(repeating: 0, count: count * width)
      forEachSequence(width) { _, inserted, _, _ in
        let (from, to) = (gradient.pointer + inserted.out, out + inserted.rows)
        for index in 0..<extra * width { to[index] += from[index] }
      }
    }
  }

  /// Element offsets for each sequence: its own rows in the result, the inserted rows in the result
  /// and in `rows`, its own rows in `x`, and how many elements those are.
  private func forEachSequence(
    _ width: Int,
    _ body: (_ own: Int, _ inserted: (out: Int, rows: Int), _ source: Int, _ block: Int) -> Void
  ) {
    for sequence in 0..<segments.count {
      let source = Int(segments.starts[sequence]) * width
      let block = Int(segments.lengths[sequence]) * width
      let start = source + sequence * extra * width
      let rows = isShared ? 0 : sequence * extra * width
      switch place {
      case .start: body(start + extra * width, (start, rows), source, block)
      case .end: body(start, (start + block, rows), source, block)
      }
    }
  }
}

extension Tensor {
  /// The same rows put before every sequence: `self` `[segments.rows, width]`, `prompt`
  /// `[length, width]`, the result `[segments.rows + length · sequences, width]`.
  public func prepending(_ prompt: Tensor, toEach segments: Segments) -> Tensor {
    InsertRows(segments: segments, place: .start, isShared: true, extra: prompt.shape[0])(
      self, prompt)
  }

  /// Each sequence's own rows put before it: `rows` is `[sequences · length, width]`, the result
  /// `[segments.rows + length · sequences, width]`.
  ///
  /// - Precondition: there is a sequence, and every one gets as many rows.
  public func prepending(each rows: Tensor, toEach segments: Segments) -> Tensor {
    precondition(segments.count > 0, "prepending to an empty batch")
    let extra = rows.shape[0] / segments.count
    return InsertRows(segments: segments, place: .start, isShared: false, extra: extra)(self, rows)
  }

  /// Each sequence's own rows put after it: `rows` is `[sequences · extra, width]`.
  public func appending(_ rows: Tensor, toEach segments: Segments) -> Tensor {
    precondition(segments.count > 0, "appending to an empty batch")
    let extra = rows.shape[0] / segments.count
    return InsertRows(segments: segments, place: .end, isShared: false, extra: extra)(self, rows)
  }
}
