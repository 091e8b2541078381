import Foundation
public import TensorEngine

extension ReferenceArray {
  /// `log Σ_j exp(x[i, j])` of each row.
  public func logSumExp() -> ReferenceArray {
    var sums = ReferenceArray(zeros: [rows])
    for i in 0..<rows {
      var largest = -Double.infinity
      for j in 0..<width { largest = max(largest, self[i, j]) }
      var sum = 0.0
      for j in 0..<width { sum += exp(self[i, j] - largest) }
      sums.scalars[i] = largest + log(sum)
    }
    return sums
  }

  /// `exp(x[i, j]) / Σ_l exp(x[i, l])`.
  public func softmax() -> ReferenceArray {
    let sums = logSumExp()
    var softmax = self
    for index in scalars.indices {
      softmax.scalars[index] = exp(scalars[index] - sums.scalars[index / width])
    }
    return softmax
  }

  /// The summed cross-entropy of rows of logits against the distribution of target logits, both
  /// over a temperature, times its square, divided by `normalizer`, as a scalar.
  public func softCrossEntropy(
    _ target: ReferenceArray, temperature: Double, normalizer: Double
  ) -> ReferenceArray {
    let (logits, targets) = (map { $0 / temperature }, target.map { $0 / temperature }.softmax())
    let sums = logits.logSumExp()
    var total = 0.0
    for index in scalars.indices {
      total += targets.scalars[index] * (sums.scalars[index / width] - logits.scalars[index])
    }
    return ReferenceArray([total * temperature * temperature / normalizer], shape: [])
  }

  /// The summed cross-entropy of rows of logits, divided by `normalizer`, as a scalar.
  public func crossEntropy(_ targets: [Int32], normalizer: Double) -> ReferenceArray {
    let sums = logSumExp()
    var total = 0.0
    for (row, target) in targets.enumerated() {
      total += sums.scalars[row] - self[row, Int(target)]
    }
    return ReferenceArray([total / normalizer], shape: [])
  }

  /// Softmax attention of packed queries (`self`), per sequence and head, with the same dropout
  /// mask as the engine's; `biasTable` is `[buckets, heads]`.
  public func attention(
    keys: ReferenceArray, values: ReferenceArray, biasTable: ReferenceArray?,
    _ plan: AttentionShape
  ) -> ReferenceArray {
    var mixed = ReferenceArray(zeros: shape)
    let headWidth = width / plan.headCount
    for sequence in 0..<plan.queries.count {
      let keyRows = plan.keys.range(sequence)
      let start =
        plan.endsTogether
        ? keyRows.count - plan.queries.range(sequence).count : plan.queryPosition
      for (position, row) in plan.queries.range(sequence).enumerated() {
        let query = start + position
        for head in 0..<plan.headCount {
          let first = head * headWidth
          let mask = DropoutMask(plan.dropoutKey, plan.dropout)
          // Masks go by blocks of 32 queries: 32 places a key, one a query.
          let block = row - position % 32
          let bits = UInt64(block * plan.headCount + head) << 24 + UInt64(position % 32)
          var scores: [Double] = []
          for (place, keyRow) in keyRows.enumerated() where !plan.isCausal || place <= query {
            var score = 0.0
            for c in 0..<headWidth { score += self[row, first + c] * keys[keyRow, first + c] }
            score *= Double(plan.scale)
            if let buckets = plan.buckets, let biasTable {
              score += biasTable[buckets.bucket(place - query), head]
            }
            scores.append(score)
          }
          let largest = scores.max() ?? 0
          let total = scores.reduce(0) { $0 + exp($1 - largest) }
          for (place, score) in scores.enumerated() {
            let factor = mask.factor(bits + UInt64(32 * place)) * exp(score - largest) / total
            for c in 0..<headWidth {
              mixed[row, first + c] += factor * values[keyRows.lowerBound + place, first + c]
            }
          }
        }
      }
    }
    return mixed
  }
}
