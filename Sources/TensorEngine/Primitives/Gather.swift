import Kernels

/// Rows of a table by index: `[indices, width]` from `[rows, width]`.
struct Gather: Primitive {
  let indices: [Int32]

  func shape(of operands: [Shape]) -> Shape {
    let table = operands[0]
    precondition(table.count == 2, "gather takes a matrix, not \(table)")
    precondition(
      indices.allSatisfy { $0 >= 0 && Int($0) < table[0] },
      "gather: an index is outside a table of \(table[0]) rows")
    return [indices.count, table[1]]
  }

  func evaluate(_ operands: [Tensor], needs: Needs) -> Evaluation {
    let table = operands[0]
    let shape = table.shape
    let value = Tensor.filled([indices.count, shape[1]]) { rows in
      if table.dtype == .bfloat16, let storage = table.storage {
        storage.withHalves {
          dept_gather_bfloat16(indices.count, shape[1], indices, $0, rows)
        }
      } else {
        dept_gather(indices.count, shape[1], indices, table.pointer, rows)
      }
    }
    return Evaluation(value) { gradient in [gradient.scattered(to: indices, shape: shape)] }
  }
}

extension Tensor {
  /// The rows at the given indices: `self` is `[rows, width]`, the result `[indices, width]`.
  ///
  /// - Precondition: every index is in `0..<rows`.
  public func gathering(_ indices: [Int32]) -> Tensor { Gather(indices: indices)(self) }

  /// Rows added up at their indices in a table of zeros, without history.
  func scattered(to indices: [Int32], shape: Shape) -> Tensor {
    .filled(shape) {
      $0.update(repeating: 0, count: shape.reduce(1, *))
      dept_scatter_add(indices.count, shape[1], indices, pointer, $0)
    }
  }
}
