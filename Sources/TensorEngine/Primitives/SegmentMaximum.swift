import Kernels

/// The largest element of each column in each sequence's rows. The gradient goes to the first row
/// that has it; a NaN counts as largest, so that it is not hidden.
struct SegmentMaximum: Primitive {
  let segments: Segments

  func shape(of operands: [Shape]) -> Shape {
    let x = operands[0]
    precondition(
      x.count == 2 && x[0] == segments.rows,
      "the maximum of \(segments.rows) packed rows, which \(x) does not have")
    precondition(
      segments.lengths.allSatisfy { $0 > 0 },
      "an empty sequence has no maximum: lengths \(segments.lengths)")
    return [segments.count, x[1]]
  }

  func evaluate(_ operands: [Tensor], needs: Needs) -> Evaluation {
    let x = operands[0]
    let (shape, width) = (x.shape, x.width)
    let rows = Storage(count: segments.count * width)
    let value = Tensor.filled([segments.count, width]) { y in
      rows.withIntegers {
        dept_segment_maximum(
          segments.count, width, segments.starts, segments.lengths, x.pointer, y, $0)
      }
    }
    return Evaluation(value) { gradient in
      [
        .filled(shape) { dx in
          dx.update(repeating: 0, count: shape[0] * width)
          rows.withIntegers {
            dept_segment_maximum_pull(segments.count, width, $0, gradient.pointer, dx)
          }
        }
      ]
    }
  }
}

extension Storage {
  /// The memory as row numbers.
  fileprivate func withIntegers(_ body: (UnsafeMutablePointer<Int32>) -> Void) {
    pointer.withMemoryRebound(to: Int32.self, capacity: max(count, 1)) { body($0) }
  }
}

extension Tensor {
  /// The largest element of each column in each sequence's rows: packed `[rows, width]` →
  /// `[sequences, width]`. The gradient goes to the first row that has it.
  ///
  /// - Precondition: no sequence is empty.
  public func maximum(of segments: Segments) -> Tensor { SegmentMaximum(segments: segments)(self) }

  /// The largest element of each column: `[rows, width]` → `[1, width]`.
  ///
  /// - Precondition: there is a row.
  public func maximumOfRows() -> Tensor { maximum(of: Segments(lengths: [rows])) }
}
