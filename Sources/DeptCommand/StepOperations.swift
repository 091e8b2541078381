import Backbones
import NeuralNetworks
import TensorEngine

/// The floating-point operations of the products of a step, as they are computed: no padding, no
/// projection of the source where cross-attention absorbs it, scores a second time in backward.
///
/// What a method computes beside the backbone, norms, activations and softmax are not counted.
struct StepOperations {
  /// Operations of one pass of the backbone over the batch.
  private(set) var forward = 0
  /// Operations of the gradients, where there is training.
  private(set) var backward = 0
  /// The part of `backward` that repeats what forward has computed: the scores of attention.
  private(set) var recomputed = 0

  private let model: any Backbone
  private let adaptation: Adaptation
  private let isTraining: Bool
  /// Tokens that a source is written, or taught.
  private let targets: Int
  /// Rows of each sequence where sources are read, prompt included: those of the encoder, or of a
  /// decoder that reads source and target.
  private let sources: [Int]
  private let hasEncoder: Bool
  private let trained: [String]

  /// - Parameters:
  ///   - sourceLengths: of each example of the batch, without prompts.
  ///   - targetLength: tokens of every target.
  init(
    _ model: any Backbone, _ adaptation: Adaptation, isTraining: Bool, sourceLengths: [Int],
    targetLength: Int
  ) {
    self.model = model
    self.adaptation = adaptation
    self.isTraining = isTraining
    targets = targetLength
    trained = adaptation.parameters.map(\.name)
    let prompt =
      adaptation.parameters.filter { $0.name.hasSuffix("/prompt") }.reduce(0) { $0 + $1.shape[0] }
    hasEncoder = !model.anatomy.inputs(.stack(.encoder)).isEmpty
    // The last token of a target is predicted and never read.
    let read = prompt + (hasEncoder ? 0 : targetLength - 1)
    sources = sourceLengths.map { $0 + read }
    for site in model.anatomy.calls() { count(site) }
  }

  var total: Int { forward + backward }

  private var sourceRows: Int { sources.reduce(0, +) }
  /// Rows of the decoder beside an encoder, and those whose logits are wanted.
  private var targetRows: Int { sources.count * targets }

  private mutating func count(_ site: Site<Call>) {
    let path = site.path
    let isSource = path.stack == .encoder || !hasEncoder
    switch path.part {
    case .attention where !hasEncoder:
      let pairs = sources.reduce(0) { $0 + $1 * ($1 + 1) / 2 }
      attend(site, pairs: pairs, width: innerWidth(path, .query))
    case .attention where isSource:
      attend(site, pairs: sources.reduce(0) { $0 + $1 * $1 }, width: innerWidth(path, .query))
    case .attention:
      // Every token attends to itself and to those before it.
      let pairs = sources.count * targets * (targets + 1) / 2
      attend(site, pairs: pairs, width: innerWidth(path, .query))
    case .crossAttention where isAbsorbed(path):
      let inner = innerWidth(path, .crossQuery)
      attend(site, pairs: targets * headCount * sourceRows, width: site.input)
      // Queries are widened by each head's keys, results narrowed by each head's values.
      add(2 * 2 * targetRows * inner * site.input, gradients: 1)
    case .crossAttention:
      attend(site, pairs: targets * sourceRows, width: innerWidth(path, .crossQuery))
    case .crossKey, .crossValue:
      if !isAbsorbed(path) { project(site, rows: sourceRows) }
    case .head:
      project(site, rows: targetRows)
    default:
      guard model.weights[path]?.shape.count == 2 else { return }
      project(site, rows: isSource ? sourceRows : targetRows)
    }
  }

  /// A product with a weight: one of the same size for the gradient of the rows, where something
  /// before them is trained, and one for that of the weight, where it is.
  private mutating func project(_ site: Site<Call>, rows: Int) {
    // Without a weight of its own, the head reads the embeddings.
    let weight =
      model.weights[site.path] == nil ? "shared.embedding/weight" : "\(site.path)/weight"
    let gradients = (isReached(site.path) ? 1 : 0) + (trained.contains(weight) ? 1 : 0)
    add(2 * site.input * site.output * rows, gradients: gradients)
  }

  /// Two products forward, scores and values; five backward: the scores once more, and the
  /// gradients of values, probabilities, queries and keys.
  private mutating func attend(_ site: Site<Call>, pairs: Int, width: Int) {
    let product = 2 * pairs * width
    forward += 2 * product
    guard isTraining, isReached(site.path) else { return }
    backward += 5 * product
    recomputed += product
  }

  private mutating func add(_ operations: Int, gradients: Int) {
    forward += operations
    if isTraining { backward += gradients * operations }
  }

  /// Whether something before a site's rows is trained, so that backward passes it. Of what a
  /// method trains inside the model only the first projections are looked at.
  private func isReached(_ path: SitePath) -> Bool {
    guard path.layer == 0 else { return true }
    let own: Set<SitePath.Part> = [.query, .key, .value]
    switch path.stack {
    case .encoder:
      return !own.contains(path.part) || isTrained("shared.") || isTrained("encoder.input")
    case .decoder:
      guard own.contains(path.part) || [.attention, .output, .crossQuery].contains(path.part)
      else { return true }
      return ["shared.", "decoder.input", "decoder.0."].contains(where: isTrained)
    case .shared: return true
    }
  }

  private func isTrained(_ prefix: String) -> Bool {
    trained.contains { $0.hasPrefix(prefix) }
  }

  /// As `T5Attention` decides: few queries a head, and nothing acts on keys and values.
  private func isAbsorbed(_ path: SitePath) -> Bool {
    let inner = innerWidth(path, .crossQuery)
    let memory: [SitePath.Part] = [.crossKey, .crossValue]
    return 2 * targets * headCount <= inner
      && !memory.contains { isTrained("\(SitePath(path.stack, path.layer, $0))/") }
  }

  /// The width of all heads together.
  private func innerWidth(_ path: SitePath, _ query: SitePath.Part) -> Int {
    model.weights[SitePath(path.stack, path.layer, query)]?.shape[0] ?? 0
  }

  private var headCount: Int { (model as? T5)?.configuration.headCount ?? 1 }
}
