public import Checkpoints
import Foundation
public import NeuralNetworks
public import TensorEngine
public import TuningMethods

/// Adapters of this program as folders of Hugging Face's PEFT, and back, for one backbone.
///
/// Both compute the same function of the model. What PEFT cannot compute is refused.
public struct PEFTInterchange: Sendable {
  public let model: HuggingFaceModel

  public init(_ model: HuggingFaceModel) { self.model = model }

  /// The methods that PEFT has, by their catalogue names.
  public static let methods = ["lora", "ia3", "pt", "spot", "p-tuning", "prefix", "mpt"]

  /// An adapter as a folder.
  ///
  /// - Parameters:
  ///   - adaptation: what the method does with the parameters on this backbone.
  /// - Throws: `InterchangeError` where PEFT has nothing that computes the same.
  public func folder(
    _ method: any TuningMethod, _ adaptation: Adaptation, _ parameters: Parameters
  ) throws(InterchangeError) -> PEFTFolder {
    let name = type(of: method).name
    let forward = Forward(adaptation, parameters)
    let content: (kind: PEFTKind, tensors: [PEFTFolder.Tensor])
    if let lora = method as? LoRA {
      content = try LoRAInterchange.folder(lora, parameters, model)
    } else if let ia3 = method as? IA3 {
      content = try IA3Interchange.folder(ia3, parameters, model)
    } else if actsOnAttentions(adaptation) {
      content = try PrefixInterchange.folder(forward, name, model)
    } else if let multitask = MultitaskInterchange.folder(parameters, model) {
      content = multitask
    } else if isPrompt(adaptation),
      let prompt = PromptInterchange.prompt(adaptation, parameters, model.anatomy)
    {
      let configuration = PromptInterchange.configuration(prompt.rows, model)
      let tensor = PEFTFolder.Tensor(
        name: "prompt_embeddings", shape: prompt.shape, values: prompt.values)
      content = (
        name == "p-tuning" ? .pTuning(configuration) : .promptTuning(configuration), [tensor]
      )
    } else {
      throw .unwritable(
        method: name,
        reason:
          "it has nothing that computes the same; it has \(Self.methods.joined(separator: ", "))"
      )
    }
    return PEFTFolder(
      configuration: PEFTConfiguration(
        kind: content.kind, taskType: model.taskType, baseModel: model.name),
      tensors: content.tensors)
  }

  /// Whether all tensors are prefixes of attentions, or what makes them.
  private func actsOnAttentions(_ adaptation: Adaptation) -> Bool {
    let names = adaptation.parameters.map(\.name)
    return !names.isEmpty && names.allSatisfy { $0.contains("/prefix.") }
  }

  /// Whether all tensors are a prompt before the source, or what makes one whatever the source is.
  private func isPrompt(_ adaptation: Adaptation) -> Bool {
    guard let path = model.anatomy.sourceInput?.path else { return false }
    return adaptation.parameters.allSatisfy {
      $0.name == "\(path)/prompt" || $0.name.hasPrefix("\(path)/p-tuning.")
    }
  }

  /// A folder as an adapter file; DePT's authors' folders too.
  ///
  /// - Parameters:
  ///   - path: the folder that errors name.
  ///   - task: which task of a multitask prompt is taken; needed where it has several.
  /// - Throws: `InterchangeError` or `CheckpointError` where the folder is for another model or
  ///   asks for what no method here computes.
  public func adapter(_ folder: PEFTFolder, path: String, task: Int? = nil) throws -> AdapterFile {
    let source = PEFTSource(path: path, model: model)
    let tensors = folder.tensors
    switch folder.configuration.kind {
    case .lora(let lora): return try file(LoRAInterchange.adapter(lora, tensors, source))
    case .ia3: return try file(IA3Interchange.adapter(tensors, source))
    case .promptTuning(let prompt), .pTuning(let prompt):
      return try file(PromptInterchange.adapter(prompt, folder, source))
    case .decomposedPromptTuning(let prompt, let offset):
      return try file(PromptInterchange.adapter(prompt, offset, folder, source))
    case .multitaskPromptTuning(let prompt, let taskCount, let rankCount):
      let (length, parameters) = try MultitaskInterchange.adapter(
        prompt, taskCount: taskCount, rankCount: rankCount, task: task, folder, source)
      return try file((MPT(length: length), parameters))
    case .prefixTuning(let prompt):
      let parameters = try PrefixInterchange.adapter(prompt, folder, source)
      let method = PrefixTuning(
        length: prompt.tokenCount, targets: PrefixTuning.decoderSelfAttention)
      return try file((method, parameters))
    }
  }

  private func file(
    _ content: (method: any TuningMethod, parameters: [AdapterFile.Parameter])
  ) throws -> AdapterFile {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    return AdapterFile(
      method: type(of: content.method).name,
      hyperparameters: String(decoding: try encoder.encode(content.method), as: UTF8.self),
      backbone: model.name, parameters: content.parameters.sorted { $0.name < $1.name })
  }
}
