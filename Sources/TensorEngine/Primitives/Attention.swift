import Kernels

/// What attention does besides `softmax(scale · Q Kᵀ) V`.
public struct AttentionShape: Hashable, Sendable {
  /// The sequences of the query rows, and of the key and value rows: the same number of each.
  public var queries: Segments
  public var keys: Segments
  public var headCount: Int
  /// Scores are multiplied by this; T5 uses 1, GPT-2 `1/√headWidth`.
  public var scale: Float
  /// Whether a query sees only keys at its own position and before.
  public var isCausal: Bool
  /// The position of each sequence's first query; keys start at position 0.
  public var queryPosition: Int
  /// Whether each sequence's last query stands at its last key instead, so that sequences may have
  /// read different numbers of keys before; not together with buckets.
  public var endsTogether = false
  /// How key–query distances map to rows of the bias table.
  public var buckets: PositionBuckets?
  /// Dropout of the probabilities.
  public var dropout: Float
  public var dropoutKey: RandomKey
  /// The place of the first query row among those that the masks are drawn for.
  public var dropoutRow = 0
  /// Whether the operands of products are rounded to bfloat16, where the processor has a faster
  /// instruction for those; sums and softmax are float32 either way.
  public var roundsOperands: Bool

  public init(
    queries: Segments, keys: Segments, headCount: Int, scale: Float = 1, isCausal: Bool = false,
    queryPosition: Int = 0, buckets: PositionBuckets? = nil, dropout: Float = 0,
    dropoutKey: RandomKey = RandomKey(seed: 0), roundsOperands: Bool = false
  ) {
    self.queries = queries
    self.keys = keys
    self.headCount = headCount
    self.scale = scale
    self.isCausal = isCausal
    self.queryPosition = queryPosition
    self.buckets = buckets
    self.dropout = dropout
    self.dropoutKey = dropoutKey
    self.roundsOperands = roundsOperands
  }
}

/// Softmax attention over packed sequences; the operands are queries, keys, values and, where there
/// are position buckets, the bias table `[buckets, heads]`. Where keys are values, they are one
/// operand.
struct Attention: Primitive {
  let plan: AttentionShape
  var areKeysValues = false

  func shape(of operands: [Shape]) -> Shape {
    let (q, k, v) = (operands[0], operands[1], operands[areKeysValues ? 1 : 2])
    precondition(!areKeysValues || plan.buckets == nil, "a bias needs keys and values of its own")
    precondition(
      !plan.endsTogether
        || plan.buckets == nil && zip(plan.queries.lengths, plan.keys.lengths).allSatisfy(<=),
      "queries that end with their keys are no more than those, and have no bias")
    precondition(
      q.count == 2 && k == v && k.count == 2 && q[1] == k[1] && q[1] % plan.headCount == 0
        && q[0] == plan.queries.rows && k[0] == plan.keys.rows
        && plan.queries.count == plan.keys.count,
      "attention of \(q) over \(k) and \(v) with \(plan.headCount) heads")
    if let buckets = plan.buckets {
      precondition(
        operands.count == 4 && operands[3] == [buckets.count, plan.headCount],
        "attention needs a bias table of [\(buckets.count), \(plan.headCount)]")
    }
    return q
  }

  func evaluate(_ operands: [Tensor], needs: Needs) -> Evaluation {
    let (q, k, v) = (operands[0], operands[1], operands[areKeysValues ? 1 : 2])
    let table = plan.buckets == nil ? nil : operands[3]
    let distances = DistanceBias(plan)
    let bias = table.map { distances.expanded($0, headCount: plan.headCount) }
    let logSum = Storage(count: q.rows * plan.headCount)
    let out = Tensor.filled(q.shape) { out in
      plan.withKernelShape(q.width, bias, distances) {
        dept_attention($0, q.pointer, k.pointer, v.pointer, out, logSum.pointer)
      }
    }
    // Our own kernels do without what was made of the values.
    let kept = Engine.usesVectorKernels ? nil : out
    return Evaluation(out) { gradient in
      let dq = needs[0] ? Storage(count: q.scalarCount) : nil
      let dk = needs[1] ? Storage(count: k.scalarCount) : nil
      let dv = areKeysValues ? dk : needs[2] ? Storage(count: v.scalarCount) : nil
      let dbias = table != nil && needs[3] ? Tensor.zeros([plan.headCount, distances.count]) : nil
      plan.withKernelShape(q.width, bias, distances) {
        dept_attention_pull(
          $0, q.pointer, k.pointer, v.pointer, kept?.pointer, logSum.pointer, gradient.pointer,
          dq?.pointer, dk?.pointer, dv?.pointer, dbias?.storage?.pointer)
      }
      var gradients: [Tensor?] = [
        dq.map { Tensor(shape: q.shape, storage: $0) },
        dk.map { Tensor(shape: k.shape, storage: $0) },
      ]
      if !areKeysValues { gradients.append(dv.map { Tensor(shape: v.shape, storage: $0) }) }
      if table != nil {
        gradients.append(dbias.map { distances.collected($0, headCount: plan.headCount) })
      }
      return gradients
    }
  }
}

extension Tensor {
  /// Softmax attention of packed queries (`self`, `[query rows, heads · headWidth]`) over packed
  /// keys and values (`[key rows, heads · headWidth]`), per sequence and head (arXiv 1706.03762).
  ///
  /// - Parameter biasTable: `[buckets, heads]`, added to scores by bucketed distance, as in T5
  ///   (arXiv 1910.10683); required exactly when `plan.buckets` is set.
  public func attention(
    keys: Tensor, values: Tensor, biasTable: Tensor? = nil, _ plan: AttentionShape
  ) -> Tensor {
    let operands = [self, keys, values] + (plan.buckets == nil ? [] : biasTable.map { [$0] } ?? [])
    return TensorEngine.Attention(plan: plan).apply(operands)
  }

  /// Attention over rows that are keys and values at once: `memory` is
  /// `[key rows, heads · headWidth]`.
  ///
  /// - Precondition: the plan has no position buckets.
  public func attention(over memory: Tensor, _ plan: AttentionShape) -> Tensor {
    TensorEngine.Attention(plan: plan, areKeysValues: true)(self, memory)
  }
}
