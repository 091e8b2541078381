import NeuralNetworks
import TensorEngine

/// Which rows and columns of a backbone's matrices a narrower network starts from: the most
/// important ones, in their order. Importance is magnitude, summed over what reads or writes a
/// dimension (structured pruning as in arXiv 1608.08710), since Fisher information needs data.
///
/// The model's dimensions are chosen once, by the word embeddings: the same are kept in every
/// layer, because every layer adds to them. In each head those of queries and keys are chosen
/// together, and those of values and outputs; in each feed-forward sublayer those between its two
/// matrices.
struct Pruning: Sendable {
  /// The width of the narrower network.
  let width: Int
  /// The width of all its heads.
  let headsWidth: Int
  /// Between the matrices of its feed-forward sublayers.
  let innerWidth: Int
  private let headCount: Int
  private let isGated: Bool

  /// Every width over `reduction`, at least 1; as many heads.
  init(_ backbone: Anatomy, _ dimensions: Anatomy.Dimensions, reduction: Int) {
    func reduced(_ width: Int) -> Int { max(1, width / max(1, reduction)) }
    width = reduced(backbone.width)
    headCount = dimensions.headCount
    headsWidth = headCount * reduced(dimensions.headWidth)
    innerWidth = reduced(dimensions.innerWidth)
    isGated = !backbone.weights(.parts(.gate)).isEmpty
  }

  // MARK: Starting values

  /// A norm's weight or bias `[d]`, the kept entries of it: `[width]`.
  func row(_ path: SitePath) -> Initializer {
    Initializer { shape, context in
      let vector = context.frozen(path).widenedToFloat32().scalars
      return Tensor(residual(context).map { vector[$0] }, shape: shape)
    }
  }

  /// Query, key and value `[width, heads]`, output `[heads, width]`, of one attention.
  func attention(_ stack: SitePath.Stack, _ layer: Int, isCross: Bool)
    -> (query: Initializer, key: Initializer, value: Initializer, output: Initializer)
  {
    func path(_ own: SitePath.Part, _ cross: SitePath.Part) -> SitePath {
      SitePath(stack, layer, isCross ? cross : own)
    }
    let (query, key) = (path(.query, .crossQuery), path(.key, .crossKey))
    let (value, output) = (path(.value, .crossValue), path(.output, .crossOutput))
    let scored: Kept = { context in
      heads(Importance.ofOutputs(query, context) + Importance.ofOutputs(key, context))
    }
    let mixed: Kept = { context in
      heads(Importance.ofOutputs(value, context) + Importance.ofInputs(output, context))
    }
    return (
      matrix(query, residual, scored), matrix(key, residual, scored),
      matrix(value, residual, mixed), matrix(output, mixed, residual)
    )
  }

  /// The two matrices of a feed-forward sublayer, `[width, innerWidth]` and `[innerWidth, width]`;
  /// of a gated one, the activated matrix is the first.
  func feedForward(_ stack: SitePath.Stack, _ layer: Int) -> (up: Initializer, down: Initializer) {
    let up = SitePath(stack, layer, isGated ? .gate : .up)
    let down = SitePath(stack, layer, .down)
    let inner: Kept = { context in
      (Importance.ofOutputs(up, context) + Importance.ofInputs(down, context)).largest(innerWidth)
    }
    return (matrix(up, residual, inner), matrix(down, inner, residual))
  }

  // MARK: What is kept

  private typealias Kept = @Sendable (_ context: Initializer.Context) -> [Int]

  /// The kept part of a matrix that the backbone stores `[output, input]`, as `[input, output]`.
  private func matrix(
    _ path: SitePath, _ inputs: @escaping Kept, _ outputs: @escaping Kept
  ) -> Initializer {
    Initializer { shape, context in
      let (matrix, inputs, outputs) = (context.frozen(path), inputs(context), outputs(context))
      let rows = matrix.gathering(outputs.map(Int32.init))
      let width = rows.shape[1]
      let values = rows.scalars
      return Tensor(
        inputs.flatMap { input in outputs.indices.map { values[$0 * width + input] } },
        shape: shape)
    }
  }

  @Sendable private func residual(_ context: Initializer.Context) -> [Int] {
    Importance.ofEmbeddings(context).largest(width)
  }

  /// The same number of each head's dimensions.
  private func heads(_ importance: Importance) -> [Int] {
    let (from, to) = (importance.scores.count / headCount, headsWidth / headCount)
    return (0..<headCount).flatMap { head in
      let first = head * from
      return Importance(Array(importance.scores[first..<first + from])).largest(to)
        .map { first + $0 }
    }
  }
}
