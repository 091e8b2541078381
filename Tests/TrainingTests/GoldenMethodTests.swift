import Backbones
import DeptTesting
import NeuralNetworks
import TensorEngine
import Testing
import Training
import TuningMethods

/// Tuned models beside the same methods written on transformers' T5.
@Suite struct GoldenMethodTests {
  @Test("losses and every gradient are PyTorch's", arguments: GoldenFolder.models)
  func gradients(name: String) throws {
    let golden = try GoldenFolder.model(name)
    for method in try golden.methods() {
      let model = try tuned(golden, method)
      let batch = golden.examples.map { TokenizedExample(source: $0.source, target: $0.target) }
      let expected = try golden.tensors("gradient", of: method)
      for parts in [1, 2, 5] {
        let (loss, gradient) = model.lossWithGradient(
          batch, parts: parts, dropout: 0, key: RandomKey(seed: 0))
        let value = try #require(golden.tuned[type(of: method).name]).loss
        #expect(abs(Double(loss) - value) < 1e-4)
        #expect(gradient.names == expected.names)
        for tensor in expected.names {
          compare(gradient[tensor], expected[tensor], "\(name), \(tensor), \(parts) parts")
        }
      }
    }
  }

  @Test("log-probabilities of targets are transformers'", arguments: GoldenFolder.models)
  func logProbabilities(name: String) throws {
    let golden = try GoldenFolder.model(name)
    let batch = golden.examples.map { TokenizedExample(source: $0.source, target: $0.target) }
    let frozen = TunedModel(
      backbone: loaded(golden), adaptation: Adaptation(), parameters: Parameters())
    expect(frozen.logProbabilities(batch), golden.examples.map(\.logprobs), name)
    for method in try golden.methods() {
      let model = try tuned(golden, method)
      let kind = type(of: method).name
      guard let expected = golden.tuned[kind]?.logprobs else { continue }
      expect(model.logProbabilities(batch), expected, "\(name), \(kind)")
      let alone = batch.flatMap { model.logProbabilities([$0]) }
      expect(alone, expected, "\(name), \(kind), alone")
    }
  }

  @Test("greedy and beam answers are transformers'", arguments: GoldenFolder.models)
  func generation(name: String) throws {
    let golden = try GoldenFolder.model(name)
    let sources = golden.examples.map(\.source)
    let frozen = TunedModel(
      backbone: loaded(golden), adaptation: Adaptation(), parameters: Parameters())
    let own = golden.examples.map { ($0.greedy.ids, $0.beam.ids) }
    expect(frozen, sources, greedy: own.map(\.0), beam: own.map(\.1), name)
    for method in try golden.methods() {
      let kind = type(of: method).name
      guard let written = golden.tuned[kind]?.generations else { continue }
      expect(
        try tuned(golden, method), sources, greedy: written.map(\.greedy.ids),
        beam: written.map(\.beam.ids), "\(name), \(kind)")
    }
  }

  // MARK: Comparing

  private func loaded(_ golden: GoldenModel) -> LoadedBackbone {
    LoadedBackbone(
      model: golden.model, tokenizer: ByteTokenizer(vocabularySize: 93),
      directory: golden.directory)
  }

  private func tuned(_ golden: GoldenModel, _ method: any TuningMethod) throws -> TunedModel {
    TunedModel(
      backbone: loaded(golden), adaptation: method.adaptation(of: golden.model.anatomy),
      parameters: try golden.start(of: method))
  }

  /// Within 1e-4 of the tensor's norm, and each element within 2e-4 of itself plus a hundredth of
  /// the root mean square.
  private func compare(_ found: Tensor, _ expected: Tensor, _ place: String) {
    #expect(found.shape == expected.shape, "\(place)")
    let pairs = zip(found.scalars, expected.scalars).map { (Double($0), Double($1)) }
    let error = pairs.reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    let norm = pairs.reduce(0) { $0 + $1.1 * $1.1 }.squareRoot()
    #expect(error <= 1e-4 * norm + 1e-7, "\(place): \(error) of \(norm)")
    let floor = norm / Double(max(1, pairs.count)).squareRoot() + 1e-6
    let wrong = pairs.count { !(abs($0.0 - $0.1) <= 2e-4 * abs($0.1) + 1e-3 * floor) }
    #expect(wrong == 0, "\(place): \(wrong) of \(pairs.count) elements")
  }

  private func expect(_ found: [[Float]], _ expected: [[Double]], _ place: String) {
    #expect(found.map(\.count) == expected.map(\.count), "\(place)")
    let errors = zip(found.joined(), expected.joined()).map { abs(Double($0) - $1) }
    #expect((errors.max() ?? 1) < 1e-4, "\(place)")
  }

  private func expect(
    _ model: TunedModel, _ sources: [[Int]], greedy: [[Int]], beam: [[Int]], _ place: String
  ) {
    func withoutEnd(_ ids: [Int]) -> [Int] { ids.last == 1 ? Array(ids.dropLast()) : ids }
    let one = DecodingPlan(beams: 1, maximumLength: 11)
    let four = DecodingPlan(beams: 4, maximumLength: 11)
    #expect(model.predictedIDs(sources, one) == greedy.map(withoutEnd), "\(place)")
    #expect(model.predictedIDs(sources, four) == beam.map(withoutEnd), "\(place)")
    // In small batches, and in the other order: neighbours do not matter.
    #expect(
      model.predictedIDs(sources.reversed(), four, batchTokens: 20)
        == beam.reversed().map(withoutEnd), "\(place)")
  }
}
