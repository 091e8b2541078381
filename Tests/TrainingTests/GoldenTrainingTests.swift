import Backbones
import Datasets
import DeptTesting
import NeuralNetworks
import TensorEngine
import Testing
import Training
import TuningMethods

/// Twelve steps of training beside PyTorch's, from text to trained parameters.
@Suite struct GoldenTrainingTests {
  @Test("token ids, cut to length, are transformers'", arguments: GoldenFolder.withTokenizer)
  func tokenization(name: String) throws {
    let golden = try GoldenFolder.model(name)
    let commands = try GoldenCommands(golden)
    let trainer = try commands.trainer(golden, PromptTuning(length: 4))
    let tokenized = try GoldenCommands.examples(golden).map(trainer.tokenized)
    #expect(tokenized.map(\.source) == commands.sourceIds)
    #expect(tokenized.map(\.target) == commands.targetIds)
  }

  @Test(
    "twelve losses and the trained parameters are PyTorch's", arguments: GoldenFolder.withTokenizer)
  func training(name: String) throws {
    let golden = try GoldenFolder.model(name)
    let commands = try GoldenCommands(golden)
    for method in try golden.methods() {
      let kind = type(of: method).name
      let expected = try #require(commands.train[kind])
      let trainer = try commands.trainer(golden, method)
      var losses: [Double] = []
      let state = try trainer.train(
        from: GoldenCommands.start(golden, trainer),
        .init(metric: { step, name, value in
          #expect(step == losses.count + 1)
          #expect(name == "train/loss")
          losses.append(value)
        }))
      #expect(state.step == 12)
      let errors = zip(losses, expected.steps).map { abs($0 - $1.loss) }
      #expect(losses.count == 12)
      #expect((errors.max() ?? 1) < 1e-3, "\(name), \(kind): \(errors)")
      let rates = LearningRateSchedule(steps: commands.steps, warmup: commands.warmup)
      for (step, record) in expected.steps.enumerated() {
        #expect(abs(rates.factor(step) - record.learningRateFactor) < 1e-9)
      }
      // The learning is large beside the tolerance, so a run that never updates would fail.
      #expect(expected.steps.contains { abs($0.loss - $0.initialLoss) > 0.05 })
      guard kind != FullFineTuning.name || name == "t5-v1.0" else { continue }
      let trained = try golden.tensors("trained", of: method)
      for tensor in trained.names {
        let (a, b) = (state.parameters[tensor].scalars, trained[tensor].scalars)
        let error = zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) }
        let size = b.reduce(0) { max($0, abs($1)) }
        #expect(error < 2e-3 * max(1, size), "\(name), \(tensor): \(error) of \(size)")
      }
    }
  }

  @Test("a loss in parts, over accumulated gradients, trains the same", arguments: [1, 2, 3, 4])
  func accumulation(parts: Int) throws {
    let golden = try GoldenFolder.model("t5-v1.0")
    let commands = try GoldenCommands(golden)
    let trainer = try commands.trainer(golden, try golden.methods()[1]) {
      $0.accumulation = parts
      $0.steps = 5
    }
    var losses: [Double] = []
    _ = try trainer.train(
      from: GoldenCommands.start(golden, trainer), .init(metric: { losses.append($2) }))
    let whole = try commands.trainer(golden, try golden.methods()[1]) { $0.steps = 5 }
    var expected: [Double] = []
    _ = try whole.train(
      from: GoldenCommands.start(golden, whole), .init(metric: { expected.append($2) }))
    for (a, b) in zip(losses, expected) { #expect(abs(a - b) < 1e-4) }
  }

  @Test("scores and answers on text are transformers'", arguments: GoldenFolder.withTokenizer)
  func scores(name: String) throws {
    let golden = try GoldenFolder.model(name)
    let commands = try GoldenCommands(golden)
    let methods: [(any TuningMethod)?] = [nil] + (try golden.methods().dropLast())
    for method in methods {
      let trainer = try commands.trainer(golden, method ?? PromptTuning())
      let kind = method.map { type(of: $0).name } ?? "none"
      let model = TunedModel(
        backbone: trainer.backbone,
        adaptation: method.map { $0.adaptation(of: golden.model.anatomy) } ?? Adaptation(),
        parameters: try method.map { try golden.start(of: $0) } ?? Parameters())
      let lines = try GoldenCommands.examples(golden)
      let examples = commands.scoreLines.map { trainer.tokenized(lines[$0]) }
      let found = model.logProbabilities(examples)
      let expected = try #require(commands.score[kind])
      #expect(found.map(\.count) == expected.map(\.count))
      let errors = zip(found.joined(), expected.joined()).map { abs(Double($0) - $1) }
      #expect((errors.max() ?? 1) < 1e-4, "\(name), \(kind)")
      let written = try #require(commands.predict[kind])
      for plan in written[0].indices {
        let (beams, length) = (written[0][plan].beams, written[0][plan].newTokens)
        let texts = model.predictions(
          examples.map(\.source), DecodingPlan(beams: beams, maximumLength: length))
        #expect(
          texts == written.map { $0[plan].text }, "\(name), \(kind), \(beams) beams, \(length)")
      }
    }
  }
}
