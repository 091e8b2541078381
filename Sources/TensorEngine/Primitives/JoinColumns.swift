/// The columns of matrices with the same rows, one matrix after the other.
struct JoinColumns: Primitive {
  func shape(of operands: [Shape]) -> Shape {
    precondition(
      operands.allSatisfy { $0.count == 2 && $0[0] == operands[0][0] },
      "joining the columns of \(operands): they are not matrices of as many rows")
    return [operands[0][0], operands.reduce(0) { $0 + $1[1] }]
  }

  func evaluate(_ operands: [Tensor], needs: Needs) -> Evaluation {
    let shape = shape(of: operands.map(\.shape))
    let widths = operands.map(\.width)
    let value = Tensor.filled(shape) { out in
      var first = 0
      for part in operands {
        part.copyColumns(to: out + first, rowWidth: shape[1])
        first += part.width
      }
    }
    return Evaluation(value) { gradient in
      var first = 0
      return widths.enumerated().map { index, width in
        defer { first += width }
        return needs[index] ? gradient.copyingColumns(first..<first + width) : nil
      }
    }
  }
}

extension Tensor {
  /// Matrices side by side: of `[rows, widths[i]]` one `[rows, Σ widths]`.
  ///
  /// - Precondition: there is at least one, and all have as many rows.
  public init(joiningColumns parts: [Tensor]) {
    precondition(!parts.isEmpty, "joining the columns of no matrix")
    self = JoinColumns().apply(parts)
  }

  /// The columns of `self`, `[rows, width]`, and those of `others` behind them.
  ///
  /// - Precondition: all have as many rows.
  public func joiningColumns(_ others: [Tensor]) -> Tensor {
    Tensor(joiningColumns: [self] + others)
  }
}
