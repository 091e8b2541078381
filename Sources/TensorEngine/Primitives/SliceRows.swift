/// A contiguous range of a matrix's rows.
struct SliceRows: Primitive {
  let range: Range<Int>

  func shape(of operands: [Shape]) -> Shape {
    let x = operands[0]
    precondition(
      x.count == 2 && range.lowerBound >= 0 && range.upperBound <= x[0],
      "the rows \(range) are not in \(x)")
    return [range.count, x[1]]
  }

  func evaluate(_ operands: [Tensor], needs: Needs) -> Evaluation {
    let x = operands[0]
    let (shape, width) = (x.shape, x.width)
    let (offset, count) = (range.lowerBound * width, range.count * width)
    let value = Tensor.filled([range.count, width]) {
      $0.update(from: x.pointer + offset, count: count)
    }
    return Evaluation(value) { gradient in
      [
        .filled(shape) {
          $0.update(repeating: 0, count: shape.reduce(1, *))
          ($0 + offset).update(from: gradient.pointer, count: count)
        }
      ]
    }
  }
}

extension Tensor {
  /// The rows of a matrix in `range`.
  ///
  /// - Precondition: the range lies within the rows.
  public func rows(_ range: Range<Int>) -> Tensor {
    range == 0..<rows && shape.count == 2 ? self : SliceRows(range: range)(self)
  }
}
