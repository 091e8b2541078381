/// The `adapter_config.json` of an adapter of Hugging Face's PEFT.
public struct PEFTConfiguration: Hashable, Sendable {
  /// The kind of the adapter (`peft_type`) with what the kind has to say.
  public var kind: PEFTKind
  /// Such as `SEQ_2_SEQ_LM` or `CAUSAL_LM`; PEFT chooses its model by it.
  public var taskType: String?
  /// The name or the directory of the model that it was trained for.
  public var baseModel: String?

  public init(kind: PEFTKind, taskType: String?, baseModel: String?) {
    self.kind = kind
    self.taskType = taskType
    self.baseModel = baseModel
  }

  /// Reads a file, and refuses what would change what the adapter computes.
  public init(path: String) throws(CheckpointError) {
    let fields = try PEFTFields(path: path)
    let taskType = try fields.text("task_type")
    kind = try PEFTKind(fields, taskType: taskType)
    self.taskType = taskType
    baseModel = try fields.text("base_model_name_or_path")
  }

  /// The file's text, members sorted by name.
  ///
  /// `inference_mode` is true, so that PEFT takes prompts as they are, without an encoder.
  var text: String {
    let members =
      kind.json + [
        .init("peft_type", .string(kind.name)),
        .init("task_type", taskType.map(JSONValue.string) ?? .null),
        .init("base_model_name_or_path", baseModel.map(JSONValue.string) ?? .null),
        .init("inference_mode", .boolean(true)),
      ]
    return JSONText.indented(.object(members.sorted { $0.name < $1.name })) + "\n"
  }
}
