public import Backbones
public import Datasets
import NeuralNetworks
import TensorEngine
import Tokenization

/// What share of held-out examples a backbone answers word for word, nothing tuned.
public struct SkillCheck: Sendable {
  public let backbone: LoadedBackbone
  /// The longest source and the longest answer, in tokens.
  public let sourceLength, targetLength: Int

  public init(_ backbone: LoadedBackbone, sourceLength: Int, targetLength: Int) {
    self.backbone = backbone
    self.sourceLength = sourceLength
    self.targetLength = targetLength
  }

  /// From 0 to 1; 0 without examples.
  public func exactMatch(on examples: [Example]) -> Double {
    guard !examples.isEmpty else { return 0 }
    let model = TunedModel(
      backbone: backbone, adaptation: Adaptation(), parameters: .init())
    let sources = examples.map { backbone.sourceIDs($0.source, length: sourceLength) }
    let answers = model.predictions(sources, DecodingPlan(maximumLength: targetLength))
    let right = zip(answers, examples).filter { $0 == $1.target }.count
    return Double(right) / Double(examples.count)
  }
}
