/// What `adapter_config.json` says of a LoRA adapter (Hu et al. 2021, arXiv 2106.09685).
public struct PEFTLoRA: Hashable, Sendable {
  /// A number that holds for the modules of one name.
  public struct Exception: Hashable, Sendable {
    /// A module's name or the end of one; `^` in front stands for the whole name.
    public var module: String
    public var number: Double

    public init(module: String, number: Double) {
      self.module = module
      self.number = number
    }

    /// Whether a module's name is meant.
    func applies(to name: String) -> Bool {
      if module.hasPrefix("^") { return name == module.dropFirst() }
      return name == module || name.hasSuffix("." + module)
    }
  }

  /// The rank r, where `rankPattern` does not say otherwise.
  public var rank: Int
  /// The scale is alpha / r.
  public var alpha: Double
  /// The scale is alpha / √r instead (Kalajdzievski 2023, arXiv 2312.03732).
  public var dividesByRoot: Bool
  public var modules: PEFTModules?
  public var dropout: Double
  /// Whether the weights that it acts on are stored `[in, out]`, as GPT-2's are.
  public var isFanInFanOut: Bool
  public var rankPattern: [Exception]
  public var alphaPattern: [Exception]

  public init(
    rank: Int, alpha: Double, modules: PEFTModules?, dropout: Double = 0,
    isFanInFanOut: Bool = false, dividesByRoot: Bool = false, rankPattern: [Exception] = [],
    alphaPattern: [Exception] = []
  ) {
    self.rank = rank
    self.alpha = alpha
    self.modules = modules
    self.dropout = dropout
    self.isFanInFanOut = isFanInFanOut
    self.dividesByRoot = dividesByRoot
    self.rankPattern = rankPattern
    self.alphaPattern = alphaPattern
  }

  /// What a module's B·A is multiplied by.
  ///
  /// - Parameter rank: the rank of the module's tensors, which must be positive.
  public func scale(of module: String, rank: Int) -> Double {
    let alpha = alphaPattern.first { $0.applies(to: module) }?.number ?? alpha
    return dividesByRoot ? alpha / Double(rank).squareRoot() : alpha / Double(rank)
  }

  /// Features of PEFT's LoRA that compute something else.
  private static let refused = [
    "use_dora", "use_qalora", "use_bdlora", "lora_bias", "layer_replication", "target_parameters",
    "trainable_token_indices", "modules_to_save", "alora_invocation_tokens", "arrow_config",
    "kasa_config", "monteclora_config", "velora_config",
  ]

  init(_ fields: PEFTFields) throws(CheckpointError) {
    try fields.refuse(Self.refused)
    let bias = try fields.text("bias") ?? "none"
    guard bias == "none" else {
      throw fields.wrong("bias", "is '\(bias)', of which only 'none' is read here")
    }
    rank = try fields.required("r", fields.count("r"))
    alpha = try fields.required("lora_alpha", fields.number("lora_alpha"))
    guard rank > 0 else { throw fields.wrong("r", "is 0, where a rank is at least 1") }
    dividesByRoot = try fields.boolean("use_rslora") ?? false
    modules = try fields.modules("target_modules")
    dropout = try fields.number("lora_dropout") ?? 0
    isFanInFanOut = try fields.boolean("fan_in_fan_out") ?? false
    rankPattern = try Self.pattern("rank_pattern", of: fields)
    alphaPattern = try Self.pattern("alpha_pattern", of: fields)
  }

  private static func pattern(_ field: String, of fields: PEFTFields) throws(CheckpointError)
    -> [Exception]
  {
    let numbers = try fields.numbers(field)
    for (name, _) in numbers {
      let letters = name.hasPrefix("^") ? name.dropFirst() : name[...]
      guard letters.allSatisfy({ $0.isLetter || $0.isNumber || "._-".contains($0) }) else {
        throw fields.wrong(field, "has the expression '\(name)', where names of modules are read")
      }
    }
    return numbers.map { Exception(module: $0.name, number: $0.number) }
  }

  var json: [JSONValue.Member] {
    func pattern(_ exceptions: [Exception]) -> JSONValue {
      .object(exceptions.map { .init($0.module, .init($0.number)) })
    }
    return [
      .init("r", .integer(rank)), .init("lora_alpha", .init(alpha)),
      .init("use_rslora", .boolean(dividesByRoot)), .init("target_modules", modules?.json ?? .null),
      .init("lora_dropout", .init(dropout)), .init("fan_in_fan_out", .boolean(isFanInFanOut)),
      .init("rank_pattern", pattern(rankPattern)), .init("alpha_pattern", pattern(alphaPattern)),
      .init("bias", .string("none")), .init("init_lora_weights", .boolean(true)),
    ]
  }
}
