import NeuralNetworks
import TensorEngine

/// How much each of several dimensions matters, by the magnitude of the weights at it.
struct Importance {
  let scores: [Float]

  init(_ scores: [Float]) { self.scores = scores }

  /// The `count` dimensions that matter most, ascending; of equals the first.
  func largest(_ count: Int) -> [Int] {
    let order = scores.indices.sorted {
      scores[$0] == scores[$1] ? $0 < $1 : scores[$0] > scores[$1]
    }
    return order.prefix(count).sorted()
  }

  static func + (a: Importance, b: Importance) -> Importance {
    Importance(zip(a.scores, b.scores).map(+))
  }

  /// Of a matrix `[output, input]`: a score an output.
  static func ofOutputs(_ path: SitePath, _ context: Initializer.Context) -> Importance {
    let matrix = context.frozen(path).widenedToFloat32()
    let width = matrix.shape[1]
    return matrix.withUnsafeScalars { values in
      Importance(
        (0..<matrix.shape[0]).map { row in
          values[row * width..<(row + 1) * width].reduce(0) { $0 + abs($1) }
        })
    }
  }

  /// Of a matrix `[output, input]`: a score an input.
  static func ofInputs(_ path: SitePath, _ context: Initializer.Context) -> Importance {
    ofColumns(context.frozen(path).widenedToFloat32())
  }

  /// Of the word embeddings: a score a dimension, from 4096 rows spread over the vocabulary.
  static func ofEmbeddings(_ context: Initializer.Context) -> Importance {
    let table = context.frozen(SitePath(.shared, nil, .embedding))
    let (rows, count) = (table.shape[0], min(4096, table.shape[0]))
    return ofColumns(table.gathering((0..<count).map { Int32($0 * rows / count) }))
  }

  private static func ofColumns(_ matrix: Tensor) -> Importance {
    let width = matrix.shape[1]
    var sums = [Float](repeating: 0, count: width)
    matrix.withUnsafeScalars { values in
      for row in 0..<matrix.shape[0] {
        for column in 0..<width { sums[column] += abs(values[row * width + column]) }
      }
    }
    return Importance(sums)
  }
}
