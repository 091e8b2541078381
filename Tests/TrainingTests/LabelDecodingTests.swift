import Backbones
import Datasets
import DeptTesting
import Evaluation
import NeuralNetworks
import Testing
import Tokenization

@testable import Training

/// Labels scored in one pass beside each source and label in a pass of its own.
@Suite struct LabelDecodingTests {
  /// Of different lengths; the second begins as the first, which begins as the empty one.
  private static let labels = [[7, 1], [7, 9, 1], [1], [12, 5, 5, 20, 3, 1], [9, 7, 1]]

  private func separately(_ model: TunedModel, _ source: [Int], _ label: [Int]) -> Float {
    let example = TokenizedExample(source: source, target: label)
    return model.logProbabilities([example])[0].reduce(0, +)
  }

  @Test("scores are those of separate pairs, however they are batched", arguments: DecodingCase.all)
  func bruteForce(test: DecodingCase) throws {
    let model = try test.model()
    let sources = DecodingCase.sources
    let expected = sources.map { source in
      Self.labels.map { separately(model, source, $0) }
    }
    for budget in [1, 200, 4096] {
      let found = model.labelLogProbabilities(sources, labels: Self.labels, batchTokens: budget)
      #expect(found.map(\.count) == expected.map(\.count))
      for (row, wanted) in zip(found, expected) {
        for (score, exact) in zip(row, wanted) {
          #expect(abs(score - exact) < 1e-5 * max(1, abs(exact)), "\(score), \(exact)")
        }
      }
    }
  }

  @Test("the best label is the most probable", arguments: DecodingCase.all)
  func best(test: DecodingCase) throws {
    let model = try test.model()
    let labels = (2..<29).map { [$0, 1] }
    let best = DecodingCase.sources.map { source in
      let scores = labels.map { separately(model, source, $0) }
      return scores.firstIndex(of: scores.max() ?? 0) ?? 0
    }
    #expect(Set(best).count > 1)
    #expect(model.bestLabels(DecodingCase.sources, labels, batchTokens: 300) == best)
  }

  @Test(
    "each source is read once, and all labels of a batch in one pass", arguments: DecodingCase.all)
  func passes(test: DecodingCase) throws {
    let (encoder, decoder) = (RowCount(), RowCount())
    let model = decoder.counting(encoder.counting(try test.model(), .encoder), .decoder)
    let sources = DecodingCase.sources
    _ = model.labelLogProbabilities(sources, labels: Self.labels, batchTokens: .max)
    let rows = sources.reduce(0) { $0 + $1.count + test.promptLength }
    let written = Self.labels.joined().count
    guard test.hasEncoder else {
      // The last token of a label is never read.
      let after = sources.count * (written - Self.labels.count)
      #expect(decoder.passes == [rows, after])
      _ = model.labelLogProbabilities(sources, labels: Self.labels, batchTokens: 1)
      #expect(decoder.passes.count == 2 + 2 * sources.count)
      #expect(decoder.passes.reduce(0, +) == 2 * (rows + after))
      return
    }
    #expect(encoder.passes == [rows])
    #expect(decoder.passes == [sources.count * written])
    _ = model.labelLogProbabilities(sources, labels: Self.labels, batchTokens: 1)
    #expect(encoder.passes.count == 1 + sources.count)
    #expect(encoder.passes.reduce(0, +) == 2 * rows)
  }

  @Test("answers are label texts, in the order of the sources", arguments: DecodingCase.all)
  func answers(test: DecodingCase) throws {
    let model = try test.model()
    let texts = ["no", "yes", "maybe so", "n"]
    let plan = try DecodingPlan.labels(texts)
    let ids = texts.map { model.backbone.tokenizer.encode($0) }
    let answers = model.predictions(DecodingCase.sources, plan)
    let found = model.predictedIDs(DecodingCase.sources, plan, batchTokens: 50)
    for (index, source) in DecodingCase.sources.enumerated() {
      let scores = ids.map { separately(model, source, $0) }
      let best = scores.firstIndex(of: scores.max() ?? 0) ?? 0
      #expect(answers[index] == texts[best])
      #expect(found[index] + [1] == ids[best])
    }
    // Of equal labels the first is the answer; one label leaves no choice.
    #expect(model.bestLabels([[3, 1]], [[5, 1], [5, 1]], batchTokens: 9) == [0])
    #expect(try model.predictions([[3, 1], [1]], .labels(["only"])) == ["only", "only"])
    #expect(model.predictions([], plan).isEmpty)
  }

  @Test("there is nothing to choose among no labels")
  func noLabels() throws {
    #expect(throws: TrainingError.noLabels) { try DecodingPlan.labels([]) }
    #expect("\(TrainingError.noLabels)".hasPrefix("There are no labels to choose among"))
    let golden = try GoldenFolder.model("t5-v1.0")
    let commands = try GoldenCommands(golden)
    let trainer = try commands.trainer(golden, try golden.methods()[0]) { $0.decoding = .labels }
    #expect(throws: TrainingError.noLabels) {
      try trainer.train(from: GoldenCommands.start(golden, trainer), .init())
    }
  }

  @Test("a run that asks for labels validates on them")
  func training() throws {
    let golden = try GoldenFolder.model("t5-v1.0")
    let commands = try GoldenCommands(golden)
    let plain = try commands.trainer(golden, try golden.methods()[0]) {
      $0.decoding = .labels
      $0.steps = 2
    }
    let examples = try GoldenCommands.examples(golden)
    let trainer = Trainer(
      backbone: plain.backbone, method: plain.method, schedule: plain.schedule, seed: 0,
      examples: [.train: examples, .validation: examples], metrics: [.accuracy],
      selection: .accuracy, labels: examples.map(\.target))
    #expect(try trainer.evaluator.decoding.labels == examples.map(\.target))
    var scores: [Double] = []
    _ = try trainer.train(
      from: GoldenCommands.start(golden, trainer),
      .init(metric: { if $1 == "validation/accuracy" { scores.append($2) } }))
    #expect(scores.count == 2)
  }
}
