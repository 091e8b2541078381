/// Each sequence of a packed batch followed by the same sequence of another: a source by what is
/// written after it, keys by newer ones.
struct JoinRows: Primitive {
  let first: Segments
  let second: Segments

  func shape(of operands: [Shape]) -> Shape {
    let (x, y) = (operands[0], operands[1])
    precondition(
      x.count == 2 && y.count == 2 && x[1] == y[1] && x[0] == first.rows && y[0] == second.rows
        && first.count == second.count,
      "joining \(first.count) sequences of \(x) and \(second.count) of \(y)")
    return [first.rows + second.rows, x[1]]
  }

  func evaluate(_ operands: [Tensor], needs: Needs) -> Evaluation {
    let (x, y) = (operands[0], operands[1])
    let width = x.width
    let value = Tensor.filled([first.rows + second.rows, width]) { out in
      forEachSequence(width) { joined, own, block, other, otherBlock in
        (out + joined).update(from: x.pointer + own, count: block)
        (out + joined + block).update(from: y.pointer + other, count: otherBlock)
      }
    }
    return Evaluation(value) { gradient in
      [
        !needs[0]
          ? nil
          : .filled([first.rows, width]) { out in
            forEachSequence(width) { joined, own, block, _, _ in
              (out + own).update(from: gradient.pointer + joined, count: block)
            }
          },
        !needs[1]
          ? nil
          : .filled([second.rows, width]) { out in
            forEachSequence(width) { joined, _, block, other, otherBlock in
              (out + other).update(from: gradient.pointer + joined + block, count: otherBlock)
            }
          },
      ]
    }
  }

  /// Element offsets for each sequence: in the result, and in both operands with how many elements
  /// those give.
  private func forEachSequence(
    _ width: Int,
    _ body: (_ joined: Int, _ own: Int, _ block: Int, _ other: Int, _ otherBlock: Int) -> Void
  ) {
    for sequence in 0..<first.count {
      let (own, other) = (Int(first.starts[sequence]), Int(second.starts[sequence]))
      body(
        (own + other) * width, own * width, Int(first.lengths[sequence]) * width, other * width,
        Int(second.lengths[sequence]) * width)
    }
  }
}

extension Tensor {
  /// Each sequence's rows followed by its rows in `other`: `self` is `[segments.rows, width]`,
  /// `other` `[others.rows, width]`, the result has the rows of both.
  ///
  /// - Precondition: there are as many sequences in `others` as in `segments`.
  public func joined(_ segments: Segments, with other: Tensor, _ others: Segments) -> Tensor {
    JoinRows(first: segments, second: others)(self, other)
  }
}

extension Segments {
  /// Each sequence as long as it is here and in `others` together.
  ///
  /// - Precondition: there are as many sequences in both.
  public func joined(with others: Segments) -> Segments {
    precondition(count == others.count, "joining \(count) and \(others.count) sequences")
    return Segments(lengths: zip(lengths, others.lengths).map { Int($0) + Int($1) })
  }
}
