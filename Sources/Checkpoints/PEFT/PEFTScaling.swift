/// What `adapter_config.json` says of an (IA)³ adapter (Liu et al. 2022, arXiv 2205.05638).
public struct PEFTScaling: Hashable, Sendable {
  public var modules: PEFTModules?
  /// Those of the modules whose inputs are scaled instead of their outputs.
  public var feedForwardModules: PEFTModules?
  /// Whether the weights that it acts on are stored `[in, out]`, as GPT-2's are.
  public var isFanInFanOut: Bool

  public init(
    modules: PEFTModules?, feedForwardModules: PEFTModules?, isFanInFanOut: Bool = false
  ) {
    self.modules = modules
    self.feedForwardModules = feedForwardModules
    self.isFanInFanOut = isFanInFanOut
  }

  init(_ fields: PEFTFields) throws(CheckpointError) {
    try fields.refuse(["modules_to_save"])
    modules = try fields.modules("target_modules")
    feedForwardModules = try fields.modules("feedforward_modules")
    isFanInFanOut = try fields.boolean("fan_in_fan_out") ?? false
  }

  var json: [JSONValue.Member] {
    [
      .init("target_modules", modules?.json ?? .null),
      .init("feedforward_modules", feedForwardModules?.json ?? .array([])),
      .init("fan_in_fan_out", .boolean(isFanInFanOut)), .init("init_ia3_weights", .boolean(true)),
    ]
  }
}
