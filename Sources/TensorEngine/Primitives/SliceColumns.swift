/// A contiguous range of a matrix's columns.
struct SliceColumns: Primitive {
  let range: Range<Int>

  func shape(of operands: [Shape]) -> Shape {
    let x = operands[0]
    precondition(
      x.count == 2 && range.lowerBound >= 0 && range.upperBound <= x[1],
      "the columns \(range) are not in \(x)")
    return [x[0], range.count]
  }

  func evaluate(_ operands: [Tensor], needs: Needs) -> Evaluation {
    let shape = operands[0].shape
    return Evaluation(operands[0].copyingColumns(range)) { gradient in
      [
        .filled(shape) {
          $0.update(repeating: 0, count: shape[0] * shape[1])
          gradient.copyColumns(to: $0 + range.lowerBound, rowWidth: shape[1])
        }
      ]
    }
  }
}

extension Tensor {
  /// The columns of a matrix `[rows, width]` in `range`: `[rows, range.count]`.
  ///
  /// - Precondition: the range lies within the columns.
  public func columns(_ range: Range<Int>) -> Tensor {
    range == 0..<width && shape.count == 2 ? self : SliceColumns(range: range)(self)
  }

  /// Columns of a matrix, without history.
  func copyingColumns(_ range: Range<Int>) -> Tensor {
    .filled([shape[0], range.count]) { out in
      for row in 0..<shape[0] {
        (out + row * range.count)
          .update(from: pointer + row * width + range.lowerBound, count: range.count)
      }
    }
  }

  /// Writes a matrix over the first columns of rows of another width.
  func copyColumns(to out: UnsafeMutablePointer<Float>, rowWidth: Int) {
    for row in 0..<shape[0] {
      (out + row * rowWidth).update(from: pointer + row * width, count: width)
    }
  }
}
