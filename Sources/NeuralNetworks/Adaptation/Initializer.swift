public import TensorEngine

/// What a trainable tensor starts as. Keyed by the parameter's name: adding a parameter never
/// reshuffles the others.
public struct Initializer: Sendable {
  /// What an initializer may look at.
  public struct Context: Sendable {
    /// Drawn from the run's seed and the parameter's name.
    public let key: RandomKey
    /// A frozen tensor of the backbone.
    public let frozen: @Sendable (SitePath) -> Tensor
    /// The ids of a text, the end token included.
    public let tokenIDs: @Sendable (String) -> [Int]
    /// The adapters of other runs that this one starts from.
    public let sources: [Parameters]

    public init(
      key: RandomKey, frozen: @escaping @Sendable (SitePath) -> Tensor,
      tokenIDs: @escaping @Sendable (String) -> [Int], sources: [Parameters] = []
    ) {
      self.key = key
      self.frozen = frozen
      self.tokenIDs = tokenIDs
      self.sources = sources
    }
  }

  let make: @Sendable (Shape, Context) -> Tensor
  /// The tensor of another adapter that is read, if any.
  let source: SourceTensor?

  /// Any function of the shape and the context.
  ///
  /// - Parameter source: the tensor of another adapter that the function reads, so that a run
  ///   without it is known before it starts.
  public init(
    reading source: SourceTensor? = nil, _ make: @escaping @Sendable (Shape, Context) -> Tensor
  ) {
    self.make = make
    self.source = source
  }

  /// The starting value.
  public func callAsFunction(_ shape: Shape, _ context: Context) -> Tensor { make(shape, context) }

  /// Zeros.
  public static let zeros = Initializer { shape, _ in .zeros(shape) }
  /// Ones.
  public static let ones = Initializer { shape, _ in .ones(shape) }

  /// Uniform in `-bound...bound`.
  public static func uniform(_ bound: Float) -> Initializer {
    Initializer { .uniform($0, in: -bound...bound, key: $1.key) }
  }

  /// Normal with mean 0.
  public static func normal(_ deviation: Float) -> Initializer {
    Initializer { .normal($0, deviation: deviation, key: $1.key) }
  }

  /// Kaiming-uniform with gain for `a = √5` (arXiv 1502.01852): uniform in `±1/√fanIn`.
  public static func kaimingUniform(fanIn: Int) -> Initializer {
    uniform(1 / Float(fanIn).squareRoot())
  }

  /// The frozen tensor itself, as float32.
  public static func frozen(_ path: SitePath) -> Initializer {
    Initializer { _, context in context.frozen(path).widenedToFloat32() }
  }

  /// A tensor of an adapter that the run starts from, by its name there: `encoder.input/prompt`.
  ///
  /// - Precondition: there are so many sources, and that one has such a tensor
  ///   (`Adaptation.issues(startingFrom:)`).
  public static func source(_ index: Int, _ name: String) -> Initializer {
    Initializer(reading: SourceTensor(index, name)) { _, context in
      precondition(index < context.sources.count, "there is no source \(index) to start from")
      return context.sources[index][name]
    }
  }

  /// A tensor of an adapter that the run starts from; where it starts from none, another start.
  public static func source(_ index: Int, _ name: String, otherwise: Initializer) -> Initializer {
    Initializer(reading: SourceTensor(index, name, isOptional: true)) { shape, context in
      index < context.sources.count
        ? context.sources[index][name] : otherwise(shape, context)
    }
  }

  /// In every row the mean of all rows of a source's tensor; where there is none, another start.
  public static func meanOfSource(
    _ index: Int, _ name: String, otherwise: Initializer
  ) -> Initializer {
    Initializer(reading: SourceTensor(index, name, isOptional: true, isAveraged: true)) {
      shape, context in
      guard index < context.sources.count else { return otherwise(shape, context) }
      let rows = context.sources[index][name]
      let mean = rows.mean(of: Segments(lengths: [rows.shape[0]]))
      return mean.gathering(Array(repeating: 0, count: shape[0]))
    }
  }

  /// Word embeddings of a text, its ids repeated cyclically to as many rows as needed.
  public static func embeddings(of text: String, table: SitePath) -> Initializer {
    Initializer { shape, context in
      let ids = context.tokenIDs(text)
      let rows = (0..<shape[0]).map { Int32(ids[$0 % ids.count]) }
      return context.frozen(table).gathering(rows)
    }
  }

  /// Word embeddings of ids drawn without replacement from the first `count` of the vocabulary,
  /// which SentencePiece sorts by frequency; special ids 0…2 are left out. Sentinels come after
  /// the pieces in T5's vocabularies.
  public static func sampledVocabulary(_ count: Int, table: SitePath) -> Initializer {
    Initializer { shape, context in
      let embeddings = context.frozen(table)
      let order = context.key.permutation(max(1, min(count, embeddings.shape[0]) - 3))
      return embeddings.gathering((0..<shape[0]).map { Int32(order[$0 % order.count] + 3) })
    }
  }
}
