import Checkpoints
import NeuralNetworks
import TensorEngine
import TuningMethods

/// Soft prompts as PEFT writes them: `prompt_embeddings` `[tokens, width]`, what a network that
/// makes the prompt gives included, but not the network.
enum PromptInterchange {
  /// The rows that an adapter puts before every source, `[tokens, width]`; nil where it does
  /// anything else to sources, or nothing.
  static func prompt(_ adaptation: Adaptation, _ parameters: Parameters, _ anatomy: Anatomy)
    -> Matrix?
  {
    let first = prompt(Forward(adaptation, parameters), anatomy)
    // Every task of a run has to have the same.
    let isSame = (1..<max(2, adaptation.taskCount)).allSatisfy {
      $0 >= adaptation.taskCount
        || prompt(Forward(adaptation, parameters, task: $0), anatomy) == first
    }
    return isSame ? first : nil
  }

  private static func prompt(_ forward: Forward, _ anatomy: Anatomy) -> Matrix? {
    guard let site = anatomy.sourceInput else { return nil }
    // What an adapter does to sources is seen on one of two rows, of ones and of twos.
    let one = Segments(lengths: [2])
    let source = Tensor(
      (0..<2 * site.output).map { $0 < site.output ? 1 : 2 }, shape: [2, site.output])
    let edited = forward.over(RowLayout(segments: one))
      .input(site, EmbeddedInput(embeddings: source, segments: one))
    let rows = Matrix(edited.embeddings)
    let length = rows.rows - 2
    guard length > 0, rows.rows(length..<rows.rows) == Matrix(source) else { return nil }
    return rows.rows(0..<length)
  }

  /// The configuration of a prompt before the encoder's or, without one, the decoder's input.
  static func configuration(_ length: Int, _ model: HuggingFaceModel) -> PEFTPrompt {
    PEFTPrompt(
      tokenCount: length, width: model.anatomy.width, headCount: model.headCount,
      layerCount: model.anatomy.layerCount(of: .decoder))
  }

  /// Prompt tuning with the prompt of a folder. Of the virtual tokens of two stacks PEFT uses those
  /// of the encoder, which come first.
  static func adapter(_ prompt: PEFTPrompt, _ folder: PEFTFolder, _ source: PEFTSource) throws
    -> (method: any TuningMethod, parameters: [AdapterFile.Parameter])
  {
    let site = try source.input()
    let rows = Matrix(
      rows: prompt.stackCount * prompt.tokenCount, columns: site.output,
      values: try folder.values(
        named: "prompt_embeddings", shape: [prompt.stackCount * prompt.tokenCount, site.output],
        path: source.path))
    let own = rows.rows(0..<prompt.tokenCount)
    return (
      PromptTuning(length: prompt.tokenCount),
      [.init(name: "\(site.path)/prompt", shape: own.shape, values: own.values)]
    )
  }

  /// DePT with the prompt and the offset of a folder of its authors (arXiv 2309.05173).
  static func adapter(
    _ prompt: PEFTPrompt, _ offset: PEFTOffset, _ folder: PEFTFolder, _ source: PEFTSource
  ) throws -> (method: any TuningMethod, parameters: [AdapterFile.Parameter]) {
    let site = try source.input()
    let width = site.output
    let (nameA, nameB) = ("prompt_encoder.lora_embedding_A", "prompt_encoder.lora_embedding_B")
    var method = DePT(
      promptLength: prompt.tokenCount, rank: offset.rank, sourceLength: offset.length ?? 256,
      alpha: Float(offset.alpha))
    var parameters: [AdapterFile.Parameter] = [
      .init(
        name: "\(site.path)/prompt", shape: [prompt.tokenCount, width],
        values: try folder.values(
          named: "prompt_embeddings", shape: [prompt.tokenCount, width], path: source.path))
    ]
    if offset.rank > 0 {
      let stored = try folder.tensor(named: nameA, path: source.path)
      // The rows of A are as many as the texts of the training had tokens.
      method.sourceLength = offset.length ?? stored.shape.first ?? 256
      let shape = [method.sourceLength, offset.rank]
      let a = try folder.values(named: nameA, shape: shape, path: source.path)
      let b = try folder.values(named: nameB, shape: [offset.rank, width], path: source.path)
      parameters.append(.init(name: "\(site.path)/embedding.a", shape: shape, values: a))
      parameters.append(
        .init(name: "\(site.path)/embedding.b", shape: [offset.rank, width], values: b))
    }
    return (method, parameters)
  }
}

extension PEFTSource {
  /// The input that carries the source.
  ///
  /// - Throws: `InterchangeError` where the backbone has none.
  func input() throws(InterchangeError) -> Site<Embedding> {
    guard let site = model.anatomy.sourceInput else {
      throw .unreadable(path: path, reason: "the backbone has no embedded input")
    }
    return site
  }
}
