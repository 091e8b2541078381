/// How a backbone is pretrained.
public struct PretrainingSchedule: Hashable, Sendable, Codable {
  public var steps = 4000
  public var warmup = 200
  /// The share of the last steps over which the rates fall linearly to 0.
  public var decay = 1.0
  /// Supervised examples, and lines of text, of one step.
  public var batchSize = 64
  public var textBatchSize = 24
  public var learningRate = 1e-3
  /// The rate of the word embeddings, which start with deviation 1 and need a larger one.
  public var embeddingLearningRate = 1.5e-2
  /// The rate of the relative position biases.
  public var positionLearningRate = 1e-2
  public var clip = 1.0
  public var sourceLength = 128
  public var targetLength = 64
  public var seed = 0

  public init() {}

  /// The base rate of a parameter by its name.
  func rate(of name: String) -> Double {
    if name.hasPrefix("shared.embedding/") { return embeddingLearningRate }
    return name.contains(".position-bias/") ? positionLearningRate : learningRate
  }

  /// The factor on all rates at step `step`, which counts from 0.
  func factor(_ step: Int) -> Double {
    if step < warmup { return Double(step + 1) / Double(warmup) }
    let falling = max(1, Double(steps - warmup) * decay)
    return min(1, max(0, Double(steps - step) / falling))
  }
}
