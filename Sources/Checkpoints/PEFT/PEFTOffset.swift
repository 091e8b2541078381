/// What the DePT authors' `adapter_config.json` adds for the low-rank offset of word embeddings
/// (Shi & Lipani 2024, arXiv 2309.05173).
public struct PEFTOffset: Hashable, Sendable {
  /// The rank r of A `[length, r]` and B `[r, width]`.
  public var rank: Int
  /// The scale of A·B is alpha / √r in the authors' program.
  public var alpha: Double
  /// The rows of A; nil where the file leaves it to the tensor.
  public var length: Int?

  public init(rank: Int, alpha: Double, length: Int?) {
    self.rank = rank
    self.alpha = alpha
    self.length = length
  }

  init(_ fields: PEFTFields) throws(CheckpointError) {
    rank = try fields.required("r", fields.count("r"))
    alpha = try fields.number("lora_alpha") ?? 8
    length = try fields.count("max_length")
  }

  var json: [JSONValue.Member] {
    [
      .init("r", .integer(rank)), .init("lora_alpha", .init(alpha)),
      .init("max_length", length.map(JSONValue.integer) ?? .null), .init("bias", .string("none")),
      .init("init_lora_weights", .boolean(true)),
      .init("prompt_tuning_init", .string("RANDOM")),
    ]
  }
}
