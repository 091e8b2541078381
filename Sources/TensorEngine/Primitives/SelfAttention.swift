import Kernels

/// The constant weights of a self-attention: of queries, keys and values `[heads · headWidth,
/// width]`, of the output `[width, heads · headWidth]`.
public struct AttentionWeights: Sendable {
  public let query: Tensor
  public let key: Tensor
  public let value: Tensor
  public let output: Tensor

  public init(query: Tensor, key: Tensor, value: Tensor, output: Tensor) {
    self.query = query
    self.key = key
    self.value = value
    self.output = output
  }
}

/// `residual + dropout(attention(x Wqᵀ, x Wkᵀ, x Wvᵀ) Woᵀ)` with constant weights: `x` is copied
/// for three products once, and its gradient is their sum. The operands are the residual, `x` and,
/// where there are position buckets, the bias table.
struct SelfAttention: Primitive {
  let plan: AttentionShape
  let weights: AttentionWeights
  /// Dropout of the output.
  let dropout: Float
  let key: RandomKey

  private var inner: Int { weights.query.shape[0] }
  private var projections: [Tensor] { [weights.query, weights.key, weights.value] }

  func shape(of operands: [Shape]) -> Shape {
    let (residual, x) = (operands[0], operands[1])
    precondition(
      x.count == 2 && residual == [x[0], weights.output.shape[0]]
        && projections.allSatisfy { $0.shape == [inner, x[1]] && $0.dtype == weights.output.dtype }
        && weights.output.shape == [residual[1], inner] && inner % plan.headCount == 0
        && plan.queries == plan.keys && plan.queries.rows == x[0],
      "adding attention of \(plan.headCount) heads over \(x) to \(residual)")
    precondition(
      operands.dropFirst(2) == (plan.buckets.map { [[$0.count, plan.headCount]] } ?? [])[...],
      "attention needs a bias table exactly where it has buckets")
    return residual
  }

  func evaluate(_ operands: [Tensor], needs: Needs) -> Evaluation {
    let (residual, x) = (operands[0], operands[1])
    let table = plan.buckets == nil ? nil : operands[2]
    let distances = DistanceBias(plan)
    let bias = table.map { distances.expanded($0, headCount: plan.headCount) }
    let rows = x.shape[0]
    let isRounded = RowsBetweenProducts.areRounded(
      beside: weights.output, depth: max(x.shape[1], residual.shape[1]))
    @Sendable func newRows() -> RowsBetweenProducts {
      RowsBetweenProducts(rows, inner, isRounded: isRounded)
    }
    let made = projections.map { _ in newRows() }
    let products = zip(projections, made).map { dept_product(projecting: x, by: $0, into: $1) }
    dept_multiply_by_each(products, products.count)
    let logSum = Storage(count: rows * plan.headCount)
    let mixed = newRows()
    plan.withKernelShape(inner, bias, distances, element: mixed.element) {
      dept_attention(
        $0, made[0].pointer, made[1].pointer, made[2].pointer, mixed.pointer, logSum.pointer)
    }
    let value = Tensor.filled(residual.shape) {
      var product = dept_product(projecting: mixed, by: weights.output, into: $0)
      product.add(to: residual, dropping: dropout, key)
      dept_multiply_matrices(&product)
    }
    // Our own kernels do without what was made of the values.
    let kept = Engine.usesVectorKernels ? nil : mixed
    let shape = x.shape
    return Evaluation(value) { gradient in
      let dmixed = newRows()
      var product = dept_product(pulling: gradient, by: weights.output, into: dmixed)
      product.pull(through: dropout, key)
      dept_multiply_matrices(&product)
      let pulled = needs[1] ? projections.map { _ in newRows() } : []
      let dbias =
        table != nil && needs[2] ? Tensor.zeros([plan.headCount, distances.count]) : nil
      plan.withKernelShape(inner, bias, distances, element: dmixed.element) {
        dept_attention_pull(
          $0, made[0].pointer, made[1].pointer, made[2].pointer, kept?.pointer, logSum.pointer,
          dmixed.pointer, pulled.first?.pointer, pulled.dropFirst().first?.pointer,
          pulled.last?.pointer, dbias?.storage?.pointer)
      }
      var gradients: [Tensor?] = [
        needs[0] ? gradient : nil, needs[1] ? sum(of: pulled, shape) : nil,
      ]
      if table != nil {
        gradients.append(dbias.map { distances.collected($0, headCount: plan.headCount) })
      }
      return gradients
    }
  }

  /// The gradient of `x` through all three projections.
  private func sum(of gradients: [RowsBetweenProducts], _ shape: Shape) -> Tensor {
    .filled(shape) { c in
      for (index, (gradient, weight)) in zip(gradients, projections).enumerated() {
        var product = dept_product(pulling: gradient, by: weight, into: c)
        if index > 0 { product.epilogue = DEPT_ACCUMULATE }
        dept_multiply_matrices(&product)
      }
    }
  }
}

extension Tensor {
  /// `self + dropout(attention(x Wqᵀ, x Wkᵀ, x Wvᵀ) Woᵀ)`: `self` and `x` are `[rows, width]`, the
  /// rows of packed sequences that attend to themselves.
  ///
  /// - Parameters:
  ///   - biasTable: `[buckets, heads]`, required exactly when `plan.buckets` is set.
  ///   - dropout: of the output; that of probabilities is the plan's.
  /// - Precondition: the weights are constant and of one type, and queries are keys.
  public func addingSelfAttention(
    of x: Tensor, _ weights: AttentionWeights, biasTable: Tensor? = nil, _ plan: AttentionShape,
    dropout: Float, key: RandomKey
  ) -> Tensor {
    let operands = [self, x] + (plan.buckets == nil ? [] : biasTable.map { [$0] } ?? [])
    return SelfAttention(plan: plan, weights: weights, dropout: dropout, key: key).apply(operands)
  }
}
