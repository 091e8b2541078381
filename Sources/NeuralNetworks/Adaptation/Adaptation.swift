public import TensorEngine

/// What a method trains, and where it acts. A value; the backbone is never mutated.
public struct Adaptation: Sendable {
  /// Wraps a call: `proceed` is the call itself, or what was declared before.
  public typealias Around =
    @Sendable (_ x: Tensor, _ pass: Pass, _ proceed: (Tensor) -> Tensor) -> Tensor
  /// Replaces a frozen tensor by a function of it.
  public typealias Reparametrization = @Sendable (_ weight: Tensor, _ pass: Pass) -> Tensor
  /// Edits an embedded input.
  public typealias InputEdit =
    @Sendable (_ input: EmbeddedInput, _ pass: Pass) -> EmbeddedInput
  /// Edits what an attention attends to.
  public typealias MemoryEdit =
    @Sendable (_ memory: AttentionMemory, _ pass: Pass) -> AttentionMemory

  /// All tensors of the method, held ones too, in the order of declaration.
  public private(set) var parameters: [Parameter] = []
  /// What makes methods impossible together, one sentence each.
  public private(set) var conflicts: [String] = []
  /// What it learns from besides the targets.
  public private(set) var teachers: [Teacher] = []
  /// The tasks that a run trains on: tensors of a task are stacked, `[taskCount · rows, width]`.
  public let taskCount: Int
  private var names: Set<String> = []
  private var forcedGroup: ParameterGroup?
  private var weights: [SitePath: Reparametrization] = [:]
  private var calls: [SitePath: [Around]] = [:]
  private var inputs: [SitePath: [InputStage: [InputEdit]]] = [:]
  private var memories: [SitePath: [MemoryEdit]] = [:]
  private var sides: [SitePath: any SideNetwork] = [:]

  /// - Precondition: there is at least one task.
  public init(taskCount: Int = 1) {
    precondition(taskCount > 0, "there has to be a task")
    self.taskCount = taskCount
  }

  /// The tensors that are trained.
  public var trained: [Parameter] { parameters.filter { !$0.isHeld } }
  /// The number of trainable scalars.
  public var scalarCount: Int { trained.reduce(0) { $0 + $1.shape.reduce(1, *) } }
  /// Whether tensors of the backbone itself are trained, so that their gradients are computed.
  public var trainsWeights: Bool { parameters.contains { $0.name.hasSuffix("/weight") } }

  // MARK: Declaring

  /// Declares a trainable tensor, named `<site path>/<name>`; a name that this site has already is
  /// a conflict.
  public mutating func parameter<Kind>(
    _ name: String, _ shape: Shape, _ initializer: Initializer, at site: Site<Kind>,
    group: ParameterGroup = .main
  ) -> Parameter {
    declare(
      Parameter(
        name: "\(site.path)/\(name)", shape: shape, group: forcedGroup ?? group, isHeld: false,
        initializer: initializer))
  }

  /// Declares a tensor that belongs to the adapter but is never trained, nor counted.
  public mutating func held<Kind>(
    _ name: String, _ shape: Shape, _ initializer: Initializer, at site: Site<Kind>
  ) -> Parameter {
    declare(
      Parameter(
        name: "\(site.path)/\(name)", shape: shape, group: .main, isHeld: true,
        initializer: initializer))
  }

  /// Everything that `declare` declares belongs to `group`; `nil`: to its own.
  public mutating func grouping(
    _ group: ParameterGroup?, _ declare: (inout Adaptation) -> Void
  ) {
    let before = forcedGroup
    forcedGroup = group ?? before
    declare(&self)
    forcedGroup = before
  }

  private mutating func declare(_ parameter: Parameter) -> Parameter {
    if names.insert(parameter.name).inserted {
      parameters.append(parameter)
    } else {
      conflicts.append(
        "'\(parameter.name)' \(parameter.shape) is declared twice; leave one of two methods out,"
          + " give them different sites, or the tensors different names")
    }
    return parameter
  }

  // MARK: Acting

  /// Trains a frozen tensor itself, starting from its value.
  public mutating func train(_ site: Site<Weight>, in backbone: Anatomy) {
    let weight = parameter("weight", backbone.shape(of: site), .frozen(site.path), at: site)
    reparametrize(site) { _, pass in pass[weight] }
  }

  /// Replaces a frozen tensor by a function of it; a second function at one site is a conflict.
  public mutating func reparametrize(
    _ site: Site<Weight>, _ function: @escaping Reparametrization
  ) {
    if weights.updateValue(function, forKey: site.path) != nil {
      conflicts.append(
        "two methods replace the weight '\(site.path)' [\(site.output), \(site.input)]; leave one "
          + "of them out, or give them different sites")
    }
  }

  /// Wraps a call; later declarations are outermost.
  public mutating func around(_ site: Site<Call>, _ function: @escaping Around) {
    calls[site.path, default: []].append(function)
  }

  /// When an embedded input is edited.
  public enum InputStage: CaseIterable, Sendable {
    /// While its rows are the tokens of the sources and nothing else.
    case tokens
    /// Afterwards: rows may have been put before the tokens.
    case rows
  }

  /// Edits an embedded input; edits of a stage apply in the order of declaration, those of tokens
  /// before all others.
  public mutating func editInput(
    _ site: Site<Embedding>, _ stage: InputStage = .rows, _ function: @escaping InputEdit
  ) {
    inputs[site.path, default: [:]][stage, default: []].append(function)
  }

  /// Edits the keys and values of an attention; edits apply in the order of declaration.
  public mutating func editMemory(_ site: Site<Attention>, _ function: @escaping MemoryEdit) {
    memories[site.path, default: []].append(function)
  }

  /// Puts a network beside the stack of an input; a second one beside it is a conflict.
  public mutating func beside(_ site: Site<Embedding>, _ network: any SideNetwork) {
    if sides.updateValue(network, forKey: site.path) != nil {
      conflicts.append(
        "two methods put a network beside the \(site.path.stack) [\(site.output)]; leave one of "
          + "them out")
    }
  }

  /// Pulls the distribution over the next token towards that of the same backbone with what `act`
  /// declares: `weight · T² · CE(softmax(teacher / T), softmax(student / T))` over the target
  /// tokens is added to the loss while training, where `T` is the temperature (arXiv 1503.02531,
  /// §2).
  ///
  /// - Parameter act: declares where the teacher acts, and no parameters: it sees those of this
  ///   adaptation, held ones for example, and no gradient flows through it.
  /// - Precondition: `temperature > 0`.
  public mutating func teacher(
    weight: Float, temperature: Float = 1, _ act: (inout Adaptation) -> Void
  ) {
    precondition(temperature > 0, "a temperature of \(temperature)")
    var other = Adaptation(taskCount: taskCount)
    act(&other)
    precondition(other.parameters.isEmpty, "a teacher declares no parameters of its own")
    teachers.append(Teacher(adaptation: other, weight: weight, temperature: temperature))
  }

  // MARK: Starting values

  /// The starting values of all parameters.
  ///
  /// - Parameters:
  ///   - frozen: a frozen tensor of the backbone.
  ///   - tokenIDs: the ids of a text, the end token included.
  ///   - sources: the adapters of other runs that this one starts from.
  public func initialParameters(
    key: RandomKey, frozen: @escaping @Sendable (SitePath) -> Tensor,
    tokenIDs: @escaping @Sendable (String) -> [Int], sources: [Parameters] = []
  ) -> Parameters {
    var values = Parameters()
    for parameter in parameters {
      let context = Initializer.Context(
        key: key.folding(parameter.name), frozen: frozen, tokenIDs: tokenIDs, sources: sources)
      let value = parameter.initializer(parameter.shape, context)
      precondition(
        value.shape == parameter.shape,
        "'\(parameter.name)' is declared as \(parameter.shape) and starts as \(value.shape)")
      values[parameter.name] = value
    }
    return values
  }

  // MARK: Applying

  func network(beside site: Site<Embedding>) -> (any SideNetwork)? { sides[site.path] }

  /// Whether something wraps a call.
  func acts(at site: Site<Call>) -> Bool { calls[site.path] != nil }
  /// Whether something edits what an attention attends to.
  func acts(at site: Site<Attention>) -> Bool { memories[site.path] != nil }

  func apply(_ site: Site<Weight>, _ weight: Tensor, _ pass: @autoclosure () -> Pass) -> Tensor {
    weights[site.path].map { $0(weight, pass()) } ?? weight
  }

  func apply(
    _ site: Site<Call>, _ x: Tensor, _ pass: @autoclosure () -> Pass, _ body: (Tensor) -> Tensor
  ) -> Tensor {
    guard let chain = calls[site.path] else { return body(x) }
    let pass = pass()
    func run(_ depth: Int, _ x: Tensor) -> Tensor {
      depth < 0 ? body(x) : chain[depth](x, pass) { run(depth - 1, $0) }
    }
    return run(chain.count - 1, x)
  }

  func apply(
    _ site: Site<Embedding>, _ input: EmbeddedInput, _ pass: @autoclosure () -> Pass
  ) -> EmbeddedInput {
    guard let edits = inputs[site.path] else { return input }
    let pass = pass()
    return InputStage.allCases.reduce(input) { input, stage in
      (edits[stage] ?? []).reduce(input) { $1($0, pass) }
    }
  }

  func apply(
    _ site: Site<Attention>, _ memory: AttentionMemory, _ pass: @autoclosure () -> Pass
  ) -> AttentionMemory {
    guard let edits = memories[site.path] else { return memory }
    let pass = pass()
    return edits.reduce(memory) { $1($0, pass) }
  }
}
