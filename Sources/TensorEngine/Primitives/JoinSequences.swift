/// Each sequence's rows, then the rows of a sequence of another packed batch.
struct JoinSequences: Primitive {
  let own: Segments
  let appended: Segments

  func shape(of operands: [Shape]) -> Shape {
    let (x, other) = (operands[0], operands[1])
    precondition(
      x.count == 2 && other.count == 2 && x[1] == other[1] && x[0] == own.rows
        && other[0] == appended.rows && own.count == appended.count,
      "appending \(appended.count) sequences of \(other) to \(own.count) sequences of \(x)")
    return [own.rows + appended.rows, x[1]]
  }

  func evaluate(_ operands: [Tensor], needs: Needs) -> Evaluation {
    let (x, other) = (operands[0], operands[1])
    let width = x.width
    let value = Tensor.filled([own.rows + appended.rows, width]) { out in
      forEachSequence(width) { ownBlock, appendedBlock in
        (out + ownBlock.joined)
          .update(from: x.pointer + ownBlock.single, count: ownBlock.count)
        (out + appendedBlock.joined)
          .update(from: other.pointer + appendedBlock.single, count: appendedBlock.count)
      }
    }
    return Evaluation(value) { gradient in
      [
        !needs[0]
          ? nil
          : .filled([own.rows, width]) { out in
            forEachSequence(width) { block, _ in
              (out + block.single).update(from: gradient.pointer + block.joined, count: block.count)
            }
          },
        !needs[1]
          ? nil
          : .filled([appended.rows, width]) { out in
            forEachSequence(width) { _, block in
              (out + block.single).update(from: gradient.pointer + block.joined, count: block.count)
            }
          },
      ]
    }
  }

  /// One sequence's rows of one of the two batches: where its elements are in the result and in the
  /// batch, and how many.
  private typealias Block = (joined: Int, single: Int, count: Int)

  private func forEachSequence(_ width: Int, _ body: (_ own: Block, _ appended: Block) -> Void) {
    for sequence in 0..<own.count {
      let (first, second) = (own.range(sequence), appended.range(sequence))
      let start = first.lowerBound + second.lowerBound
      body(
        (start * width, first.lowerBound * width, first.count * width),
        ((start + first.count) * width, second.lowerBound * width, second.count * width))
    }
  }
}

extension Tensor {
  /// After each sequence's rows those of the same sequence of another packed batch: `self` is
  /// `[own.rows, width]`, `rows` `[appended.rows, width]`, the result
  /// `[own.rows + appended.rows, width]`, whose sequences are `own.appending(appended)`.
  ///
  /// - Precondition: both batches have as many sequences.
  public func appending(_ rows: Tensor, of appended: Segments, toEach own: Segments) -> Tensor {
    JoinSequences(own: own, appended: appended)(self, rows)
  }
}
