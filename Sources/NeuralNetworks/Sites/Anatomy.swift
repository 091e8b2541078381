/// All that a tuning method may know about a backbone: its sites and their widths, no weight.
public struct Anatomy: Sendable {
  /// The model width.
  public let width: Int
  /// The number of token ids.
  public let vocabularySize: Int
  /// The ids that a tokenizer can write: published T5 models have 32,100 of them, and rows of
  /// embeddings up to the next multiple of 128.
  public let tokenCount: Int
  /// What the blocks are made of, where the backbone says so.
  public let dimensions: Dimensions?
  /// Scalars of all frozen tensors.
  public package(set) var scalarCount = 0

  private(set) var allWeights: [Site<Weight>] = []
  private(set) var shapes: [SitePath: [Int]] = [:]
  private(set) var allCalls: [Site<Call>] = []
  private(set) var allInputs: [Site<Embedding>] = []
  private(set) var allAttentions: [Site<Attention>] = []

  package init(
    width: Int, vocabularySize: Int, tokenCount: Int? = nil, dimensions: Dimensions? = nil
  ) {
    self.width = width
    self.vocabularySize = vocabularySize
    self.tokenCount = tokenCount ?? vocabularySize
    self.dimensions = dimensions
  }

  /// The frozen tensors that `selector` matches, in the order of the model.
  public func weights(_ selector: SiteSelector = .all) -> [Site<Weight>] {
    allWeights.filter { selector.matches($0.path) }
  }

  /// The functions that `selector` matches, in the order of the model.
  public func calls(_ selector: SiteSelector = .all) -> [Site<Call>] {
    allCalls.filter { selector.matches($0.path) }
  }

  /// The calls that `selector` matches and that multiply by a matrix of the backbone, in the order
  /// of the model; the head does, whether its matrix is its own or that of the word embeddings.
  public func linears(_ selector: SiteSelector = .all) -> [Site<Call>] {
    calls(selector).filter {
      shapes[$0.path] == [$0.output, $0.input] || $0.path.part == .head
    }
  }

  /// The keys and values that `selector` matches, in the order of the model.
  public func attentions(_ selector: SiteSelector = .all) -> [Site<Attention>] {
    allAttentions.filter { selector.matches($0.path) }
  }

  /// Whether there is an encoder, whose hidden states the decoder reads.
  public var hasEncoder: Bool { !inputs(.stack(.encoder)).isEmpty }

  /// The number of blocks of a stack.
  public func layerCount(of stack: SitePath.Stack) -> Int {
    calls(.stack(stack) && .parts(.block)).count
  }

  /// The embedded inputs that `selector` matches; an encoder–decoder has two.
  public func inputs(_ selector: SiteSelector = .all) -> [Site<Embedding>] {
    allInputs.filter { selector.matches($0.path) }
  }

  /// The input that carries the source text: the encoder's where there is one, else the decoder's.
  public var sourceInput: Site<Embedding>? {
    inputs(.stack(.encoder)).first ?? inputs(.stack(.decoder)).first
  }

  /// The shape of a frozen tensor.
  ///
  /// - Precondition: the site belongs to this backbone.
  public func shape(of site: Site<Weight>) -> [Int] {
    guard let shape = shapes[site.path] else {
      preconditionFailure("\(site.path) is not a site of this backbone")
    }
    return shape
  }

  mutating func add(_ site: Site<Weight>, shape: [Int]) {
    precondition(shapes[site.path] == nil, "\(site.path) is declared twice")
    allWeights.append(site)
    shapes[site.path] = shape
    scalarCount += shape.reduce(1, *)
  }
  mutating func add(_ site: Site<Call>) { allCalls.append(site) }
  mutating func add(_ site: Site<Embedding>) { allInputs.append(site) }
  mutating func add(_ site: Site<Attention>) { allAttentions.append(site) }
}
