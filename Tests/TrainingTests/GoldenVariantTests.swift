import Datasets
import DeptTesting
import Evaluation
import Foundation
import NeuralNetworks
import TensorEngine
import Testing
import Training
import TuningMethods

@testable import Backbones

/// Every method on T5 v1.0, v1.1 and GPT-2 beside the same formulas written in PyTorch.
@Suite struct GoldenVariantTests {
  static let folders = ["t5-v1.0", "t5-v1.1", "gpt2-tiny"]

  @Test("every method of the catalogue has values", arguments: folders)
  func completeness(folder: String) throws {
    let names = Set(try variants(folder).map { type(of: $0.method).name })
    // Transformers' own T5 gives those of the first four.
    let elsewhere: Set = folder == "gpt2-tiny" ? [] : ["pt", "dept", "lora", "ft"]
    // These are others with sites, starts or biases that have values of their own.
    let variants: Set = ["adapter-pfeiffer", "adapterdrop", "spot"]
    let impossible: Set = folder == "gpt2-tiny" ? ["hyperdecoder", "lora-bitfit"] : []
    let wanted = Set(MethodCatalogue.all.map { type(of: $0).name })
    #expect(names.union(elsewhere).union(variants).union(impossible) == wanted)
  }

  @Test("losses and every gradient are PyTorch's", arguments: folders)
  func gradients(folder: String) throws {
    for variant in try variants(folder) {
      let model = try tuned(variant)
      let batch = variant.examples.map { TokenizedExample(source: $0.source, target: $0.target) }
      let expected = try gradient(variant, of: model.backbone.model)
      for parts in [1, 3] {
        let (loss, gradient) = model.lossWithGradient(
          batch, parts: parts, dropout: 0, key: RandomKey(seed: 0))
        #expect(abs(Double(loss) - variant.loss) < 1e-4, "\(folder), \(variant.name)")
        let names = gradient.names.filter { name in
          if expected.tensor(named: name) != nil { return true }
          // A gate without a side block has no gradient.
          return !(variant.method is FullFineTuning) && gradient[name].scalars.contains { $0 != 0 }
        }
        #expect(names == expected.names, "\(folder), \(variant.name)")
        for name in expected.names where gradient.tensor(named: name) != nil {
          compare(gradient[name], expected[name], "\(folder), \(variant.name), \(name)")
        }
      }
    }
  }

  @Test("log-probabilities and greedy answers are PyTorch's", arguments: folders)
  func answers(folder: String) throws {
    for variant in try variants(folder) {
      let model = try tuned(variant)
      let place = "\(folder), \(variant.name)"
      let batch = variant.examples.map { TokenizedExample(source: $0.source, target: $0.target) }
      if let logprobs = variant.logprobs {
        let found = model.logProbabilities(batch)
        #expect(found.map(\.count) == logprobs.map(\.count), "\(place)")
        let errors = zip(found.joined(), logprobs.joined()).map { abs(Double($0) - $1) }
        #expect((errors.max() ?? 1) < 1e-4, "\(place): \(errors.max() ?? 1)")
      }
      if let greedy = variant.greedy {
        let end = model.backbone.model.endToken
        let written = model.predictedIDs(
          batch.map(\.source), DecodingPlan(beams: 1, maximumLength: 11))
        #expect(written == greedy.map { $0.last == end ? $0.dropLast() : $0 }, "\(place)")
      }
    }
  }

  @Test("twelve losses are PyTorch's, from text to trained parameters", arguments: folders)
  func training(folder: String) throws {
    var count = 0
    for variant in try variants(folder) where variant.taskCount == 1 {
      let commands = try GoldenCommands(in: variant.directory)
      guard let expected = commands.train[variant.name] else { continue }
      count += 1
      let backbone = try LoadedBackbone(directory: variant.directory)
      var schedule = commands.schedule(expected)
      schedule.dropout = 0
      let trainer = Trainer(
        backbone: backbone, method: variant.method, schedule: schedule, seed: 0,
        examples: [.train: try GoldenCommands.examples(in: variant.directory)],
        metrics: [.accuracy], selection: .accuracy)
      let start = TrainingState(
        parameters: try variant.start(on: backbone.model), weightDecay: 0)
      var losses: [Double] = []
      _ = try trainer.train(
        from: start, .init(metric: { if $1 == "train/loss" { losses.append($2) } }))
      let errors = zip(losses, expected.steps).map { abs($0 - $1.loss) }
      #expect(losses.count == 12)
      #expect((errors.max() ?? 1) < 1e-3, "\(folder), \(variant.name): \(errors)")
      #expect(expected.steps.contains { abs($0.loss - $0.initialLoss) > 0.05 })
    }
    #expect(count >= 14)
  }

  // MARK: Comparing

  private func variants(_ folder: String) throws -> [GoldenVariant] {
    let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    return try GoldenVariant.all(in: tests.appending(path: "Golden/\(folder)").path)
  }

  /// The gradients under the names that the method declares: those of full fine-tuning are stored
  /// as the checkpoint is, with matrices the other way round.
  private func gradient(_ variant: GoldenVariant, of model: any Backbone) throws -> Parameters {
    let stored = try variant.tensors("gradient")
    guard variant.method is FullFineTuning else { return stored }
    var named = Parameters()
    for (path, name) in model.checkpointNames {
      let shape = try #require(model.weights[path]).shape
      named["\(path)/weight"] = try GPT2.tensor(name, shape) { name, shape in
        let tensor = try #require(stored.tensor(named: name), "\(name)")
        #expect(tensor.shape == shape)
        return tensor
      }
    }
    return named
  }

  private func tuned(_ variant: GoldenVariant) throws -> TunedModel {
    let backbone = try LoadedBackbone(directory: variant.directory)
    let adaptation = variant.method.adaptation(
      of: backbone.model.anatomy, taskCount: variant.taskCount)
    var model = TunedModel(
      backbone: backbone, adaptation: adaptation,
      parameters: try variant.start(on: backbone.model))
    model.task = variant.task
    // The values have gates only where there is a side block: others are never used.
    for parameter in adaptation.parameters where parameter.name.hasSuffix("/side.gate") {
      if model.parameters.tensor(named: parameter.name) == nil {
        model.parameters[parameter.name] = .zeros(parameter.shape)
      }
    }
    #expect(
      Set(model.parameters.names) == Set(adaptation.parameters.map(\.name)), "\(variant.name)")
    return model
  }

  /// Within 1e-4 of the tensor's largest magnitude. What cannot matter, such as a bias of all keys,
  /// has a gradient of rounding errors, which are not compared with each other.
  private func compare(_ found: Tensor, _ expected: Tensor, _ place: String) {
    #expect(found.shape == expected.shape, "\(place)")
    let pairs = zip(found.scalars, expected.scalars).map { (Double($0), Double($1)) }
    let size = pairs.reduce(0) { max($0, abs($1.1)) }
    let error = pairs.reduce(0) { max($0, abs($1.0 - $1.1)) }
    #expect(error <= max(1e-4 * size, 1e-6), "\(place): \(error) of \(size)")
  }
}
