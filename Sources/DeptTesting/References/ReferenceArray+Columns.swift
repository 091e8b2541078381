extension ReferenceArray {
  /// The matrix with its axes exchanged.
  public func transposed() -> ReferenceArray {
    var transposed = ReferenceArray(zeros: [shape[1], shape[0]])
    for i in 0..<shape[0] {
      for j in 0..<shape[1] { transposed[j, i] = self[i, j] }
    }
    return transposed
  }

  /// The columns of a matrix in a range.
  public func columns(_ range: Range<Int>) -> ReferenceArray {
    var columns = ReferenceArray(zeros: [shape[0], range.count])
    for i in 0..<shape[0] {
      for j in range { columns[i, j - range.lowerBound] = self[i, j] }
    }
    return columns
  }

  /// The columns of both, one after the other.
  public func beside(_ other: ReferenceArray) -> ReferenceArray {
    transposed().followed(by: other.transposed()).transposed()
  }

  /// Each row times a number of its own.
  public func scalingRows(by factors: ReferenceArray) -> ReferenceArray {
    var scaled = self
    for index in scalars.indices { scaled.scalars[index] *= factors.scalars[index / width] }
    return scaled
  }
}
