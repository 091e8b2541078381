import Kernels

/// The mean of each sequence's rows.
struct SegmentMean: Primitive {
  let segments: Segments

  func shape(of operands: [Shape]) -> Shape {
    let x = operands[0]
    precondition(
      x.count == 2 && x[0] == segments.rows,
      "the mean of \(segments.rows) packed rows, which \(x) does not have")
    precondition(
      segments.lengths.allSatisfy { $0 > 0 },
      "an empty sequence has no mean: lengths \(segments.lengths)")
    return [segments.count, x[1]]
  }

  func evaluate(_ operands: [Tensor], needs: Needs) -> Evaluation {
    let width = operands[0].width
    let sums = operands[0].scattered(to: segments.indices, shape: [segments.count, width])
    return Evaluation(divided(sums)) { gradient in
      let shares = divided(gradient)
      let indices = segments.indices
      return [
        .filled([segments.rows, width]) {
          dept_gather(indices.count, width, indices, shares.pointer, $0)
        }
      ]
    }
  }

  /// Each sequence's row over the sequence's length.
  private func divided(_ x: Tensor) -> Tensor {
    let factors = segments.lengths.map { 1 / Float($0) }
    return .filled(x.shape) { dept_scale_rows(x.rows, x.width, x.pointer, factors, $0) }
  }
}

extension Tensor {
  /// The mean of each sequence's rows: packed `[rows, width]` → `[sequences, width]`.
  ///
  /// - Precondition: no sequence is empty.
  public func mean(of segments: Segments) -> Tensor { SegmentMean(segments: segments)(self) }
}
