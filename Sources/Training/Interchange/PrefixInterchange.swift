import Checkpoints
import NeuralNetworks
import TensorEngine

/// Prefix tuning as PEFT writes it: `prompt_embeddings` `[tokens, layers · 2 · inner]`, for each
/// layer its keys, then its values. It acts on the decoder's self-attention alone.
enum PrefixInterchange {
  /// Which pair of keys and values PEFT gives a layer.
  ///
  /// In a model with an encoder it repeats all pairs and cuts them into fours, of which a layer's
  /// self-attention gets the first two: every second pair, twice. With an even number of layers two
  /// of them share a pair, and half of the pairs are not used.
  static func pair(ofLayer layer: Int, of layerCount: Int, _ model: HuggingFaceModel) -> Int {
    model.anatomy.hasEncoder ? 2 * layer % layerCount : layer
  }

  /// The prefix of each attention as a folder.
  ///
  /// - Throws: `InterchangeError` for attentions where PEFT has no prefix, or prefixes that differ
  ///   where it has the same for two.
  static func folder(_ forward: Forward, _ method: String, _ model: HuggingFaceModel)
    throws(InterchangeError) -> (kind: PEFTKind, tensors: [PEFTFolder.Tensor])
  {
    let sites = model.anatomy.attentions(.stack(.decoder) && .parts(.attention))
    let all = model.anatomy.attentions().filter { prefix(at: $0, forward) != nil }
    guard Set(all.map(\.path)) == Set(sites.map(\.path)), let inner = sites.first?.output else {
      throw .unwritable(
        method: method,
        reason: "PEFT's prefix is before the self-attention of every layer of the decoder and"
          + " before no other; train with targets that select these")
    }
    var length = 0
    var pairs: [(keys: Matrix, values: Matrix)?] = Array(repeating: nil, count: sites.count)
    for (layer, site) in sites.enumerated() {
      guard let own = prefix(at: site, forward) else { continue }
      let place = pair(ofLayer: layer, of: sites.count, model)
      if let other = pairs[place], other != own {
        throw .unwritable(
          method: method,
          reason: "PEFT gives decoder layers \(layer) and \(layer - sites.count / 2) of this model"
            + " the same prefix, and theirs differ")
      }
      pairs[place] = own
      length = own.keys.rows
    }
    var whole = Matrix(zeros: length, 2 * sites.count * inner)
    for case (let place, let pair?) in pairs.enumerated() {
      whole.place(pair.keys, atRow: 0, column: 2 * place * inner)
      whole.place(pair.values, atRow: 0, column: (2 * place + 1) * inner)
    }
    var configuration = PromptInterchange.configuration(length, model)
    configuration.width = inner
    configuration.layerCount = sites.count
    configuration.stackCount = model.anatomy.hasEncoder ? 2 : 1
    return (
      .prefixTuning(configuration),
      [.init(name: "prompt_embeddings", shape: whole.shape, values: whole.values)]
    )
  }

  /// The keys and values that an adapter puts before those of an attention, both
  /// `[tokens, inner]`.
  static func prefix(at site: Site<Attention>, _ forward: Forward)
    -> (keys: Matrix, values: Matrix)?
  {
    let none = Tensor.zeros([1, site.output])
    let memory = forward.memory(
      site, AttentionMemory(keys: none, values: none, segments: Segments(lengths: [1])))
    let rows = 0..<memory.prefixLength
    guard !rows.isEmpty else { return nil }
    return (Matrix(memory.keys).rows(rows), Matrix(memory.values).rows(rows))
  }

  /// The keys and values of a folder for each layer of the decoder.
  ///
  /// - Throws: `InterchangeError` where the layers are not those of the backbone.
  static func adapter(_ prompt: PEFTPrompt, _ folder: PEFTFolder, _ source: PEFTSource) throws
    -> [AdapterFile.Parameter]
  {
    let model = source.model
    let sites = model.anatomy.attentions(.stack(.decoder) && .parts(.attention))
    let stackCount = model.anatomy.hasEncoder ? 2 : 1
    guard prompt.layerCount ?? sites.count == sites.count, prompt.stackCount == stackCount,
      let inner = sites.first?.output
    else {
      throw InterchangeError.unreadable(
        path: source.path,
        reason: "it has \(prompt.stackCount) stacks of \(prompt.layerCount ?? 0) layers, where"
          + " \(stackCount) of \(sites.count) layers are needed")
    }
    let shape = [prompt.tokenCount, 2 * sites.count * inner]
    let whole = Matrix(
      rows: shape[0], columns: shape[1],
      values: try folder.values(named: "prompt_embeddings", shape: shape, path: source.path))
    var parameters: [AdapterFile.Parameter] = []
    for (layer, site) in sites.enumerated() {
      let place = pair(ofLayer: layer, of: sites.count, model)
      for (half, name) in ["prefix.key", "prefix.value"].enumerated() {
        let first = (2 * place + half) * inner
        let values = (0..<prompt.tokenCount).flatMap { whole.row($0)[first..<first + inner] }
        parameters.append(
          .init(
            name: "\(site.path)/\(name)", shape: [prompt.tokenCount, inner], values: values))
      }
    }
    return parameters
  }
}
