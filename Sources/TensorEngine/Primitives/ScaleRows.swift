import Kernels

/// Each row times a number of its own.
struct ScaleRows: Primitive {
  func shape(of operands: [Shape]) -> Shape {
    let (x, factors) = (operands[0], operands[1])
    precondition(
      x.count == 2 && (factors == [x[0]] || factors == [x[0], 1]),
      "scaling the rows of \(x) by \(factors): it takes one number a row")
    return x
  }

  func evaluate(_ operands: [Tensor], needs: Needs) -> Evaluation {
    let (x, factors) = (operands[0], operands[1])
    let keptX = needs[1] ? x : nil
    let keptFactors = needs[0] ? factors : nil
    let shape = factors.shape
    return Evaluation(Self.scaled(x, factors)) { gradient in
      [
        keptFactors.map { Self.scaled(gradient, $0) },
        keptX.map { x in
          .filled(shape) { dept_row_dots(x.rows, x.width, x.pointer, gradient.pointer, $0) }
        },
      ]
    }
  }

  private static func scaled(_ x: Tensor, _ factors: Tensor) -> Tensor {
    .filled(x.shape) { dept_scale_rows(x.rows, x.width, x.pointer, factors.pointer, $0) }
  }
}

extension Tensor {
  /// Each row times a number of its own: `self` is `[rows, width]`, `factors` `[rows]` or
  /// `[rows, 1]`.
  public func scalingRows(by factors: Tensor) -> Tensor { ScaleRows()(self, factors) }
}
