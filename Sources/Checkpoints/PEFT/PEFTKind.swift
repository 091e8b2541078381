/// The kinds of adapters that are read and written, each with what its configuration says.
///
/// The tensors of each are named as `peft` names them. `prompt_embeddings` is what a trained
/// encoder of the prompt gives, not the encoder.
public enum PEFTKind: Hashable, Sendable {
  /// `base_model.model.<module>.lora_A.weight` `[r, in]` and `….lora_B.weight` `[out, r]`.
  case lora(PEFTLoRA)
  /// `base_model.model.<module>.ia3_l` `[out, 1]`, or `[1, in]` where an input is scaled.
  case ia3(PEFTScaling)
  /// `prompt_embeddings` `[stacks · tokens, width]`.
  case promptTuning(PEFTPrompt)
  /// `prompt_embeddings` `[tokens, layers · 2 · width]`, a key and a value for each layer in turn.
  case prefixTuning(PEFTPrompt)
  /// `prompt_embeddings` `[stacks · tokens, width]`.
  case pTuning(PEFTPrompt)
  /// `prompt_embeddings` `[stacks · tokens, width]`, `prefix_task_cols` `[tasks, stacks · tokens,
  /// ranks]`, `prefix_task_rows` `[tasks, ranks, width]` (Wang et al. 2023, arXiv 2303.02861).
  case multitaskPromptTuning(PEFTPrompt, taskCount: Int, rankCount: Int)
  /// The DePT authors' own: `prompt_embeddings` `[tokens, width]`,
  /// `prompt_encoder.lora_embedding_A` `[length, r]` and `…_B` `[r, width]`
  /// (Shi & Lipani 2024, arXiv 2309.05173).
  case decomposedPromptTuning(PEFTPrompt, PEFTOffset)

  /// The values of `peft_type` that are supported.
  public static let names = [
    "LORA", "IA3", "PROMPT_TUNING", "PREFIX_TUNING", "P_TUNING", "MULTITASK_PROMPT_TUNING",
    "PROMPT_TUNING_LORA",
  ]

  /// The value of `peft_type`.
  public var name: String {
    switch self {
    case .lora: "LORA"
    case .ia3: "IA3"
    case .promptTuning: "PROMPT_TUNING"
    case .prefixTuning: "PREFIX_TUNING"
    case .pTuning: "P_TUNING"
    case .multitaskPromptTuning: "MULTITASK_PROMPT_TUNING"
    case .decomposedPromptTuning: "PROMPT_TUNING_LORA"
    }
  }

  init(_ fields: PEFTFields, taskType: String?) throws(CheckpointError) {
    let name = try fields.required("peft_type", fields.text("peft_type"))
    func prompt() throws(CheckpointError) -> PEFTPrompt {
      try PEFTPrompt(fields, taskType: taskType)
    }
    switch name {
    case "LORA": self = .lora(try PEFTLoRA(fields))
    case "IA3": self = .ia3(try PEFTScaling(fields))
    case "PROMPT_TUNING": self = .promptTuning(try prompt())
    case "PREFIX_TUNING": self = .prefixTuning(try prompt())
    case "P_TUNING": self = .pTuning(try prompt())
    case "MULTITASK_PROMPT_TUNING":
      self = .multitaskPromptTuning(
        try prompt(), taskCount: try fields.count("num_tasks") ?? 1,
        rankCount: try fields.count("num_ranks") ?? 1)
    case "PROMPT_TUNING_LORA":
      self = .decomposedPromptTuning(try prompt(), try PEFTOffset(fields))
    default:
      throw .unsupportedKind(path: fields.path, kind: name, supported: Self.names)
    }
  }

  var json: [JSONValue.Member] {
    switch self {
    case .lora(let lora): lora.json
    case .ia3(let scaling): scaling.json
    case .promptTuning(let prompt):
      prompt.json + [.init("prompt_tuning_init", .string("RANDOM"))]
    case .prefixTuning(let prompt): prompt.json + [.init("prefix_projection", .boolean(false))]
    case .pTuning(let prompt):
      prompt.json + [.init("encoder_reparameterization_type", .string("MLP"))]
        + [.init("encoder_hidden_size", prompt.width.map(JSONValue.integer) ?? .null)]
    case .multitaskPromptTuning(let prompt, let taskCount, let rankCount):
      prompt.json + [.init("prompt_tuning_init", .string("RANDOM"))]
        + [.init("num_tasks", .integer(taskCount)), .init("num_ranks", .integer(rankCount))]
    case .decomposedPromptTuning(let prompt, let offset): prompt.json + offset.json
    }
  }
}
