public import TensorEngine

extension ReferenceArray {
  /// Each head's columns times its rows of the weight `[heads · headWidth, width]`:
  /// `[rows, heads · headWidth]` → `[rows · heads, width]`.
  public func expandingHeads(_ headCount: Int, by weight: ReferenceArray) -> ReferenceArray {
    let headWidth = width / headCount
    var expanded = ReferenceArray(zeros: [rows * headCount, weight.width])
    for row in 0..<rows {
      for head in 0..<headCount {
        for column in 0..<weight.width {
          var sum = 0.0
          for c in head * headWidth..<(head + 1) * headWidth {
            sum += self[row, c] * weight[c, column]
          }
          expanded[row * headCount + head, column] = sum
        }
      }
    }
    return expanded
  }

  /// The way back, by the transposed rows: `[rows · heads, width]` → `[rows, heads · headWidth]`.
  public func collapsingHeads(_ headCount: Int, by weight: ReferenceArray) -> ReferenceArray {
    let headWidth = weight.rows / headCount
    var collapsed = ReferenceArray(zeros: [rows / headCount, weight.rows])
    for row in 0..<rows / headCount {
      for c in 0..<weight.rows {
        var sum = 0.0
        for column in 0..<width {
          sum += self[row * headCount + c / headWidth, column] * weight[c, column]
        }
        collapsed[row, c] = sum
      }
    }
    return collapsed
  }

  /// The elements that the engine's mask keeps, scaled; rows of the last axis.
  public func dropped(_ probability: Float, key: RandomKey) -> ReferenceArray {
    guard probability > 0 else { return self }
    let mask = DropoutMask(key, probability)
    var dropped = self
    for index in scalars.indices {
      dropped.scalars[index] *= mask.factor(
        row: index / width, column: index % width, width: width)
    }
    return dropped
  }
}
