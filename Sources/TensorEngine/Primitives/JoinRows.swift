/// The rows of matrices of one width, one matrix after the other.
struct JoinRows: Primitive {
  func shape(of operands: [Shape]) -> Shape {
    precondition(
      operands.allSatisfy { $0.count == 2 && $0[1] == operands[0][1] },
      "joining the rows of \(operands): they are not matrices of one width")
    return [operands.reduce(0) { $0 + $1[0] }, operands[0][1]]
  }

  func evaluate(_ operands: [Tensor], needs: Needs) -> Evaluation {
    let shapes = operands.map(\.shape)
    let value = Tensor.filled(shape(of: shapes)) { out in
      var next = out
      for part in operands {
        next.update(from: part.pointer, count: part.scalarCount)
        next += part.scalarCount
      }
    }
    return Evaluation(value) { gradient in
      var first = 0
      return shapes.enumerated().map { index, shape in
        let (start, count) = (first, shape[0] * shape[1])
        first += count
        guard needs[index] else { return nil }
        return .filled(shape) { $0.update(from: gradient.pointer + start, count: count) }
      }
    }
  }
}

extension Tensor {
  /// The rows of one matrix after those of another: of `[rows[i], width]` one `[Σ rows, width]`.
  ///
  /// - Precondition: there is at least one, and all have one width.
  public init(joiningRows parts: [Tensor]) {
    precondition(!parts.isEmpty, "joining the rows of no matrix")
    self = JoinRows().apply(parts)
  }
}
