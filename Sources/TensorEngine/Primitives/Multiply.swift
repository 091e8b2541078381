import Kernels

/// The elementwise product; the right operand may be one row, multiplied into every row.
struct Multiply: Primitive {
  func shape(of operands: [Shape]) -> Shape {
    let (a, b) = (operands[0], operands[1])
    precondition(a == b || b == [a.last ?? 1], "multiply: \(a) and \(b) cannot be combined")
    return a
  }

  func evaluate(_ operands: [Tensor], needs: Needs) -> Evaluation {
    let (a, b) = (operands[0], operands[1])
    let isRow = a.shape != b.shape
    let keptA = needs[1] ? a : nil
    let keptB = needs[0] ? b : nil
    return Evaluation(Self.product(a, b, isRow)) { gradient in
      [
        keptB.map { Self.product(gradient, $0, isRow) },
        keptA.map { a in
          guard isRow else { return Self.product(gradient, a, false) }
          return .filled([a.width]) {
            dept_sum_row_products(a.rows, a.width, gradient.pointer, a.pointer, $0)
          }
        },
      ]
    }
  }

  private static func product(_ a: Tensor, _ b: Tensor, _ isRow: Bool) -> Tensor {
    .filled(a.shape) {
      if isRow {
        dept_multiply_row(a.rows, a.width, a.pointer, b.pointer, $0)
      } else {
        dept_multiply(a.scalarCount, a.pointer, b.pointer, $0)
      }
    }
  }
}

extension Tensor {
  /// The elementwise product; `b` may be one row, `[width]`.
  public static func * (a: Tensor, b: Tensor) -> Tensor { Multiply()(a, b) }
}
