public import Backbones
import Datasets
import NeuralNetworks
public import TensorEngine
public import Tokenization
import TuningMethods

/// Pretrains a T5 from random weights on span corruption and supervised source tasks.
///
/// Full fine-tuning of every tensor with AdamW, the embeddings at a rate of their own.
public struct Pretrainer: Sendable {
  public let configuration: T5Configuration
  public let tokenizer: T5Tokenizer
  public let mixture: PretrainingMixture
  public let schedule: PretrainingSchedule

  public init(
    _ configuration: T5Configuration, tokenizer: T5Tokenizer, mixture: PretrainingMixture,
    schedule: PretrainingSchedule
  ) {
    self.configuration = configuration
    self.tokenizer = tokenizer
    self.mixture = mixture
    self.schedule = schedule
  }

  /// Trains from the first step to the last.
  ///
  /// - Parameter report: the step done, counted from 1, whether it was span corruption, its loss.
  /// - Returns: the weights by their checkpoint names.
  /// - Throws: `TrainingError.diverged`.
  public func train(_ report: (_ step: Int, _ isSpan: Bool, _ loss: Double) -> Void) throws
    -> [String: Tensor]
  {
    let key = RandomKey(seed: schedule.seed).folding("pretraining")
    let model = try T5.forPretraining(configuration, key: key.folding("weights"))
    let backbone = LoadedBackbone(model: model, tokenizer: tokenizer, directory: "")
    let adaptation = FullFineTuning().adaptation(of: model.anatomy)
    var parameters = backbone.initialParameters(adaptation, seed: schedule.seed)
    var optimizer = AdamW(for: parameters, weightDecay: 0)
    for step in 0..<schedule.steps {
      let key = key.folding(step)
      let isSpan = key.folding("kind").unit(0) < mixture.spanShare
      let batch = isSpan ? corruptedBatch(step, key) : supervisedBatch(step)
      let tuned = TunedModel(backbone: backbone, adaptation: adaptation, parameters: parameters)
      let (loss, gradient) = tuned.lossWithGradient(batch, dropout: 0, key: key)
      let (scale, norm) = gradient.clippingFactor(schedule.clip)
      guard loss.isFinite, norm.isFinite else {
        throw TrainingError.diverged(
          step: step + 1, quantity: "loss", value: "\(loss)", learningRate: schedule.learningRate)
      }
      let factor = schedule.factor(step)
      optimizer.update(&parameters, gradient: gradient, scale: scale) {
        factor * schedule.rate(of: $0)
      }
      report(step + 1, isSpan, Double(loss))
    }
    var weights: [String: Tensor] = [:]
    for (path, name) in model.checkpointNames { weights[name] = parameters["\(path)/weight"] }
    return weights
  }

  private func supervisedBatch(_ step: Int) -> [TokenizedExample] {
    guard let supervised = mixture.supervised else { return [] }
    return (0..<schedule.batchSize).map {
      let example = supervised(step * schedule.batchSize + $0)
      return TokenizedExample(
        source: tokenizer.encode(example.source, length: schedule.sourceLength),
        target: tokenizer.encode(example.target, length: schedule.targetLength))
    }
  }

  private func corruptedBatch(_ step: Int, _ key: RandomKey) -> [TokenizedExample] {
    guard let text = mixture.text else { return [] }
    return (0..<schedule.textBatchSize).map { line in
      let ids = tokenizer.encodeWithoutEnd(text(step * schedule.textBatchSize + line))
      return SpanCorruption().example(
        Array(ids.prefix(schedule.sourceLength)), sentinels: tokenizer.sentinels,
        endToken: tokenizer.endToken, key: key.folding(line))
    }
  }
}
