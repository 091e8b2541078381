public import TensorEngine

/// Builds layers and records their anatomy in the same gesture, so the two cannot drift apart.
public struct Blueprint {
  /// Where a frozen tensor comes from: its name in the checkpoint and the shape it must have.
  public typealias WeightSource = (_ name: String, _ shape: Shape) throws -> Tensor

  public private(set) var anatomy: Anatomy
  /// Every frozen tensor by its site, for methods that start from one.
  public private(set) var weights: [SitePath: Tensor] = [:]
  /// The checkpoint's name of every frozen tensor.
  public private(set) var checkpointNames: [SitePath: String] = [:]
  private let source: WeightSource

  /// - Parameters:
  ///   - tokenCount: the ids that a tokenizer can write; `nil`: all.
  ///   - dimensions: what its blocks are made of.
  public init(
    width: Int, vocabularySize: Int, tokenCount: Int? = nil,
    dimensions: Anatomy.Dimensions? = nil, source: @escaping WeightSource
  ) {
    anatomy = Anatomy(
      width: width, vocabularySize: vocabularySize, tokenCount: tokenCount, dimensions: dimensions)
    self.source = source
  }

  /// Declares a frozen tensor and loads it.
  ///
  /// - Throws: what the source throws for a missing tensor or a wrong shape.
  public mutating func weight(_ path: SitePath, _ name: String, _ shape: Shape) throws
    -> FrozenWeight
  {
    let value = try source(name, shape)
    let site = Site<Weight>(path, input: shape.last ?? 1, output: shape.first ?? 1)
    anatomy.add(site, shape: shape)
    weights[path] = value
    checkpointNames[path] = name
    return FrozenWeight(site: site, value: value)
  }

  /// Declares a linear layer whose weight is stored `[output, input]`.
  public mutating func linear(
    _ path: SitePath, _ name: String, _ input: Int, _ output: Int
  ) throws -> Linear {
    let weight = try weight(path, name, [output, input])
    let site = call(path, input, output)
    return Linear(site: site, weight: weight)
  }

  /// Declares a normalisation of rows by their root mean square, which methods may wrap.
  public mutating func rmsNorm(
    _ path: SitePath, _ name: String, _ width: Int, epsilon: Float
  ) throws -> RMSNorm {
    let weight = try weight(path, name, [width])
    return RMSNorm(site: call(path, width, width), weight: weight, epsilon: epsilon)
  }

  /// Declares the keys and values of an attention, `width` = heads · headWidth.
  public mutating func attention(_ path: SitePath, _ width: Int) -> Site<Attention> {
    let site = Site<Attention>(path, input: width, output: width)
    anatomy.add(site)
    return site
  }

  /// Declares a function that methods may wrap.
  public mutating func call(_ path: SitePath, _ input: Int, _ output: Int) -> Site<Call> {
    let site = Site<Call>(path, input: input, output: output)
    anatomy.add(site)
    return site
  }

  /// Declares the embedded input of a stack.
  public mutating func input(_ path: SitePath) -> Site<Embedding> {
    let site = Site<Embedding>(path, input: anatomy.width, output: anatomy.width)
    anatomy.add(site)
    return site
  }
}
