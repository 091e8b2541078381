public import TensorEngine

/// All that a run has to remember between steps: with it, a run resumes to the same bits.
///
/// Order and randomness are functions of seed and step, so they are not in it.
public struct TrainingState: Sendable {
  /// Steps done.
  public var step = 0
  public var parameters: Parameters
  public var optimizer: AdamW
  /// The parameters that were best on validation, with their step and scores.
  public var best: Best?
  /// What early stopping goes by; `nil` before the first validation, and where there is none.
  public var progress: EarlyStopping.Standing?
  /// Wall-clock seconds so far, over all attempts.
  public var seconds = 0.0
  /// The part of `seconds` that steps took, validation left out.
  public var trainingSeconds = 0.0

  /// The best moment of a run so far.
  public struct Best: Sendable {
    public var parameters: Parameters
    public var step: Int
    /// The validation scores by metric name.
    public var scores: [String: Double]
  }

  /// The state before the first step.
  public init(parameters: Parameters, weightDecay: Double) {
    self.parameters = parameters
    optimizer = AdamW(for: parameters, weightDecay: Float(weightDecay))
  }

  init(
    step: Int, parameters: Parameters, optimizer: AdamW, best: Best?,
    progress: EarlyStopping.Standing?, seconds: Double, trainingSeconds: Double
  ) {
    self.step = step
    self.parameters = parameters
    self.optimizer = optimizer
    self.best = best
    self.progress = progress
    self.seconds = seconds
    self.trainingSeconds = trainingSeconds
  }
}
