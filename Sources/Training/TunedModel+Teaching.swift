import Backbones
import NeuralNetworks
import TensorEngine

extension TunedModel {
  /// What is minimised: the summed cross-entropy of the target tokens, and what each teacher adds,
  /// divided by `normalizer`. Without teachers, logits need not exist all at once.
  func loss(
    _ source: PackedTokens, _ target: PackedTokens, normalizer: Float, _ forward: Forward
  ) -> Tensor {
    guard !adaptation.teachers.isEmpty else {
      return backbone.model.loss(source: source, target: target, normalizer: normalizer, forward)
    }
    let logits = backbone.model.logits(source: source, target: target, forward)
    let own = logits.crossEntropy(target.ids, normalizer: normalizer)
    return adaptation.teachers.reduce(own) { sum, teacher in
      // These parameters lead nowhere: nothing of the teacher's pass is recorded.
      let theirs = backbone.model.logits(
        source: source, target: target, Forward(teacher.adaptation, parameters, task: task))
      let taught = logits.softCrossEntropy(
        theirs, temperature: teacher.temperature, normalizer: normalizer)
      return sum + teacher.weight * taught
    }
  }
}
