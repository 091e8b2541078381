extension ReferenceArray {
  /// The matrix product; `rhs` is `[k, n]`, or `[n, k]` when `transposingRHS`.
  public func matmul(_ rhs: ReferenceArray, transposingRHS: Bool = false) -> ReferenceArray {
    let (m, k, n) = (shape[0], shape[1], transposingRHS ? rhs.shape[0] : rhs.shape[1])
    var product = ReferenceArray(zeros: [m, n])
    for i in 0..<m {
      for j in 0..<n {
        var sum = 0.0
        for l in 0..<k { sum += self[i, l] * (transposingRHS ? rhs[j, l] : rhs[l, j]) }
        product[i, j] = sum
      }
    }
    return product
  }

  /// Element by element; `rhs` may be one row.
  public func combined(
    _ rhs: ReferenceArray, _ operation: (Double, Double) -> Double
  ) -> ReferenceArray {
    var combined = self
    let isRow = shape != rhs.shape
    for index in scalars.indices {
      combined.scalars[index] = operation(
        scalars[index], rhs.scalars[isRow ? index % width : index])
    }
    return combined
  }

  /// The rows at the given places.
  public func gathering(_ indices: [Int]) -> ReferenceArray {
    ReferenceArray(
      indices.flatMap { scalars[$0 * width..<($0 + 1) * width] }, shape: [indices.count, width])
  }

  /// The rows of both, one after the other.
  public func followed(by other: ReferenceArray) -> ReferenceArray {
    ReferenceArray(scalars + other.scalars, shape: [shape[0] + other.shape[0], width])
  }

  /// Root-mean-square normalisation of rows.
  public func rmsNorm(weight: ReferenceArray, epsilon: Double) -> ReferenceArray {
    var normalized = self
    for i in 0..<rows {
      var squares = 0.0
      for j in 0..<width { squares += self[i, j] * self[i, j] }
      let scale = 1 / (squares / Double(width) + epsilon).squareRoot()
      for j in 0..<width { normalized[i, j] = self[i, j] * scale * weight.scalars[j] }
    }
    return normalized
  }

  /// Layer normalisation of rows.
  public func layerNorm(
    weight: ReferenceArray, bias: ReferenceArray, epsilon: Double
  ) -> ReferenceArray {
    var normalized = self
    for i in 0..<rows {
      var (mean, variance) = (0.0, 0.0)
      for j in 0..<width { mean += self[i, j] / Double(width) }
      for j in 0..<width {
        variance += (self[i, j] - mean) * (self[i, j] - mean) / Double(width)
      }
      let scale = 1 / (variance + epsilon).squareRoot()
      for j in 0..<width {
        normalized[i, j] = (self[i, j] - mean) * scale * weight.scalars[j] + bias.scalars[j]
      }
    }
    return normalized
  }
}
