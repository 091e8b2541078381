import Kernels

/// `x[i] + table[index[i]]`: a position-indexed offset added to packed rows in one pass.
struct AddGathered: Primitive {
  let indices: [Int32]

  func shape(of operands: [Shape]) -> Shape {
    let (x, table) = (operands[0], operands[1])
    precondition(
      x.count == 2 && table.count == 2 && x[1] == table[1] && x[0] == indices.count,
      "adding rows of \(table) to \(x) by \(indices.count) indices")
    precondition(
      indices.allSatisfy { $0 >= 0 && Int($0) < table[0] },
      "an index is outside a table of \(table[0]) rows")
    return x
  }

  func evaluate(_ operands: [Tensor], needs: Needs) -> Evaluation {
    let (x, table) = (operands[0], operands[1])
    let tableShape = table.shape
    let value = Tensor.filled(x.shape) {
      dept_add_gathered(indices.count, x.width, indices, x.pointer, table.pointer, $0)
    }
    return Evaluation(value) { gradient in
      [
        needs[0] ? gradient : nil,
        needs[1] ? gradient.scattered(to: indices, shape: tableShape) : nil,
      ]
    }
  }
}

extension Tensor {
  /// Each row plus the table's row at its index: `self` is `[rows, width]`, `table`
  /// `[entries, width]`.
  ///
  /// - Precondition: one index a row, each in `0..<entries`.
  public func adding(rowsOf table: Tensor, at indices: [Int32]) -> Tensor {
    AddGathered(indices: indices)(self, table)
  }

  /// Each row plus its sequence's row of `rows`, `[sequences, width]`: packed `[rows, width]`.
  ///
  /// - Precondition: the rows are those of `segments`.
  public func adding(each rows: Tensor, _ segments: Segments) -> Tensor {
    adding(rowsOf: rows, at: segments.indices)
  }
}
