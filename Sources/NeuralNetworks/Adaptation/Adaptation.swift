public import TensorEngine

/// What a method trains, and where it acts. A value; the backbone is never mutated.
public struct Adaptation: Sendable {
  /// Wraps a call: `proceed` is the call itself, or what was declared before.
  public typealias Around =
    @Sendable (
      _ x: Tensor, _ parameters: Parameters, _ proceed: (Tensor) -> Tensor
    ) -> Tensor
  /// Replaces a frozen tensor by a function of it.
  public typealias Reparametrization =
    @Sendable (_ weight: Tensor, _ parameters: Parameters) ->
    Tensor
  /// Edits an embedded input.
  public typealias InputEdit =
    @Sendable (_ input: EmbeddedInput, _ parameters: Parameters) ->
    EmbeddedInput

  /// All trainable tensors, in the order of declaration.
  public private(set) var parameters: [Parameter] = []
  private var weights: [SitePath: Reparametrization] = [:]
  private var calls: [SitePath: [Around]] = [:]
  private var inputs: [SitePath: [InputEdit]] = [:]

  public init() {}

  /// The number of trainable scalars.
  public var scalarCount: Int { parameters.reduce(0) { $0 + $1.shape.reduce(1, *) } }

  // MARK: Declaring

  /// Declares a trainable tensor, named `<site path>/<name>`.
  ///
  /// - Precondition: the name is new at this site.
  public mutating func parameter<Kind>(
    _ name: String, _ shape: Shape, _ initializer: Initializer, at site: Site<Kind>,
    group: ParameterGroup = .main
  ) -> Parameter {
    let full = "\(site.path)/\(name)"
    precondition(
      !parameters.contains { $0.name == full }, "the parameter '\(full)' is declared twice")
    let parameter = Parameter(name: full, shape: shape, group: group, initializer: initializer)
    parameters.append(parameter)
    return parameter
  }

  // MARK: Acting

  /// Trains a frozen tensor itself, starting from its value.
  public mutating func train(_ site: Site<Weight>, in backbone: Anatomy) {
    let weight = parameter("weight", backbone.shape(of: site), .frozen(site.path), at: site)
    reparametrize(site) { _, parameters in parameters[weight] }
  }

  /// Replaces a frozen tensor by a function of it.
  ///
  /// - Precondition: no other method reparametrizes the site.
  public mutating func reparametrize(_ site: Site<Weight>, _ function: @escaping Reparametrization)
  {
    precondition(weights[site.path] == nil, "two methods reparametrize \(site.path)")
    weights[site.path] = function
  }

  /// Wraps a call; later declarations are outermost.
  public mutating func around(_ site: Site<Call>, _ function: @escaping Around) {
    calls[site.path, default: []].append(function)
  }

  /// Edits an embedded input; edits apply in the order of declaration.
  public mutating func editInput(_ site: Site<Embedding>, _ function: @escaping InputEdit) {
    inputs[site.path, default: []].append(function)
  }

  // MARK: Starting values

  /// The starting values of all parameters.
  ///
  /// - Parameters:
  ///   - frozen: a frozen tensor of the backbone.
  ///   - tokenIDs: the ids of a text, the end token included.
  public func initialParameters(
    key: RandomKey, frozen: @escaping @Sendable (SitePath) -> Tensor,
    tokenIDs: @escaping @Sendable (String) -> [Int]
  ) -> Parameters {
    var values = Parameters()
    for parameter in parameters {
      let context = Initializer.Context(
        key: key.folding(parameter.name), frozen: frozen, tokenIDs: tokenIDs)
      let value = parameter.initializer(parameter.shape, context)
      precondition(
        value.shape == parameter.shape,
        "'\(parameter.name)' is declared as \(parameter.shape) and starts as \(value.shape)")
      values[parameter.name] = value
    }
    return values
  }

  // MARK: Applying

  /// Whether something wraps a call.
  func acts(at site: Site<Call>) -> Bool { calls[site.path] != nil }

  func apply(_ site: Site<Weight>, _ weight: Tensor, _ parameters: Parameters) -> Tensor {
    weights[site.path].map { $0(weight, parameters) } ?? weight
  }

  func apply(
    _ site: Site<Call>, _ x: Tensor, _ parameters: Parameters, _ body: (Tensor) -> Tensor
  ) -> Tensor {
    guard let chain = calls[site.path] else { return body(x) }
    func run(_ depth: Int, _ x: Tensor) -> Tensor {
      depth < 0 ? body(x) : chain[depth](x, parameters) { run(depth - 1, $0) }
    }
    return run(chain.count - 1, x)
  }

  func apply(_ site: Site<Embedding>, _ input: EmbeddedInput, _ parameters: Parameters)
    -> EmbeddedInput
  {
    (inputs[site.path] ?? []).reduce(input) { $1($0, parameters) }
  }
}
