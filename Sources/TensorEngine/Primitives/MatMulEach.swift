import Kernels

/// Each sequence's rows times a matrix of the sequence's own.
struct MatMulEach: Primitive {
  let segments: Segments

  func shape(of operands: [Shape]) -> Shape {
    let (x, weights) = (operands[0], operands[1])
    precondition(
      x.count == 2 && weights.count == 2 && x[0] == segments.rows && weights[0] == segments.count
        && x[1] > 0 && weights[1] % x[1] == 0,
      "\(segments.count) sequences of \(x) cannot be multiplied by a matrix each of \(weights)")
    return [x[0], weights[1] / x[1]]
  }

  func evaluate(_ operands: [Tensor], needs: Needs) -> Evaluation {
    let (x, weights) = (operands[0], operands[1])
    let (input, output) = (x.width, weights.width / x.width)
    let keptX = needs[1] ? x : nil
    let keptWeights = needs[0] ? weights : nil
    let value = Tensor.filled([x.rows, output]) { y in
      forEachSequence { rows, length, matrix in
        var product = dept_product()
        (product.m, product.n, product.k) = (length, output, input)
        product.a = x.pointer + rows * input
        product.b = UnsafeRawPointer(weights.pointer + matrix * input * output)
        product.c = y + rows * output
        dept_multiply_matrices(&product)
      }
    }
    return Evaluation(value) { gradient in
      [
        keptWeights.map { pull(gradient, by: $0, input, output) },
        keptX.map { pullWeights(gradient, $0, input, output) },
      ]
    }
  }

  /// The gradient of the rows: each sequence's times its transposed matrix.
  private func pull(_ gradient: Tensor, by weights: Tensor, _ input: Int, _ output: Int) -> Tensor {
    .filled([segments.rows, input]) { dx in
      forEachSequence { rows, length, matrix in
        var product = dept_product()
        product.transpose_b = true
        (product.m, product.n, product.k) = (length, input, output)
        product.a = gradient.pointer + rows * output
        product.b = UnsafeRawPointer(weights.pointer + matrix * input * output)
        product.c = dx + rows * input
        dept_multiply_matrices(&product)
      }
    }
  }

  /// The gradient of the matrices: each sequence's transposed rows times its gradient; zeros for an
  /// empty sequence.
  private func pullWeights(_ gradient: Tensor, _ x: Tensor, _ input: Int, _ output: Int) -> Tensor {
    .filled([segments.count, input * output]) { dweights in
      forEachSequence { rows, length, matrix in
        var product = dept_product()
        product.transpose_a = true
        (product.m, product.n, product.k) = (input, output, length)
        product.a = x.pointer + rows * input
        product.b = UnsafeRawPointer(gradient.pointer + rows * output)
        product.c = dweights + matrix * input * output
        dept_multiply_matrices(&product)
      }
    }
  }

  /// Calls `body` with each sequence's first row, its length and its number.
  private func forEachSequence(_ body: (_ rows: Int, _ length: Int, _ matrix: Int) -> Void) {
    for sequence in 0..<segments.count {
      body(Int(segments.starts[sequence]), Int(segments.lengths[sequence]), sequence)
    }
  }
}

extension Tensor {
  /// Each sequence's rows times a matrix of its own: packed `[rows, in]` → `[rows, out]`.
  ///
  /// - Parameter weights: `[sequences, in · out]`, each row one matrix `[in, out]` in row-major
  ///   order.
  /// - Precondition: `in > 0`, and the rows are those of `segments`.
  public func matmul(each weights: Tensor, _ segments: Segments) -> Tensor {
    MatMulEach(segments: segments)(self, weights)
  }
}
