/// What `adapter_config.json` says of every adapter that consists of virtual tokens.
public struct PEFTPrompt: Hashable, Sendable {
  /// How many virtual tokens each stack has.
  public var tokenCount: Int
  /// The width of a virtual token; nil where the file leaves it to the model.
  public var width: Int?
  /// The stacks that get virtual tokens: 1, or 2 for an encoder and a decoder.
  public var stackCount: Int
  public var headCount: Int?
  public var layerCount: Int?

  public init(
    tokenCount: Int, width: Int?, stackCount: Int = 1, headCount: Int?, layerCount: Int?
  ) {
    self.tokenCount = tokenCount
    self.width = width
    self.stackCount = stackCount
    self.headCount = headCount
    self.layerCount = layerCount
  }

  init(_ fields: PEFTFields, taskType: String?) throws(CheckpointError) {
    try fields.refuse(["modules_to_save"])
    tokenCount = try fields.required("num_virtual_tokens", fields.count("num_virtual_tokens"))
    guard tokenCount > 0 else {
      throw fields.wrong("num_virtual_tokens", "is 0, where at least one token is needed")
    }
    width = try fields.count("token_dim")
    stackCount =
      try fields.count("num_transformer_submodules") ?? (taskType == "SEQ_2_SEQ_LM" ? 2 : 1)
    guard 1...2 ~= stackCount else {
      throw fields.wrong("num_transformer_submodules", "is \(stackCount), where 1 or 2 is needed")
    }
    headCount = try fields.count("num_attention_heads")
    layerCount = try fields.count("num_layers")
  }

  var json: [JSONValue.Member] {
    func number(_ count: Int?) -> JSONValue { count.map(JSONValue.integer) ?? .null }
    return [
      .init("num_virtual_tokens", .integer(tokenCount)), .init("token_dim", number(width)),
      .init("num_transformer_submodules", .integer(stackCount)),
      .init("num_attention_heads", number(headCount)), .init("num_layers", number(layerCount)),
    ]
  }
}
