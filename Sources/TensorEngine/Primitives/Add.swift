import Kernels

/// The elementwise sum; the right operand may be one row, added to every row of the left.
struct Add: Primitive {
  func shape(of operands: [Shape]) -> Shape {
    let (a, b) = (operands[0], operands[1])
    precondition(a == b || b == [a.last ?? 1], "add: \(a) and \(b) cannot be combined")
    return a
  }

  func evaluate(_ operands: [Tensor], needs: Needs) -> Evaluation {
    let (a, b) = (operands[0], operands[1])
    let isRow = a.shape != b.shape
    let value = Tensor.filled(a.shape) {
      if isRow {
        dept_add_row(a.rows, a.width, a.pointer, b.pointer, $0)
      } else {
        dept_add(a.scalarCount, a.pointer, b.pointer, $0)
      }
    }
    return Evaluation(value) { gradient in
      [
        needs[0] ? gradient : nil,
        !needs[1] ? nil : isRow ? gradient.summingRows() : gradient,
      ]
    }
  }
}

extension Tensor {
  /// The elementwise sum; `b` may be one row, `[width]`, added to every row of `a`.
  public static func + (a: Tensor, b: Tensor) -> Tensor { Add()(a, b) }

  /// The sum over all rows: `[…, width]` → `[width]`, without history.
  func summingRows() -> Tensor {
    .filled([width]) { dept_sum_rows(rows, width, pointer, $0) }
  }
}
