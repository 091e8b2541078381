/// When a run ends before its last step because validation has stopped to gain.
public struct EarlyStopping: Hashable, Sendable, Codable {
  /// The run ends when so many validations in a row brought no gain.
  public var patience: Int
  /// By how much a score has to be better than at the last gain to count as one, in the metric's
  /// own unit (0.01 of an accuracy is a point); with 0, any better score is a gain.
  public var minimumGain: Double

  public init(patience: Int, minimumGain: Double = 0) {
    self.patience = patience
    self.minimumGain = minimumGain
  }

  /// What a run remembers of its validations between steps.
  public struct Standing: Hashable, Sendable, Codable {
    /// The score at the last gain.
    public var score: Double
    /// Validations since then.
    public var waited: Int

    public init(score: Double, waited: Int = 0) {
      self.score = score
      self.waited = waited
    }
  }

  /// What is remembered after a validation; `nil` until one has a finite score.
  func progress(
    after progress: Standing?, score: Double, isBetter: (_ score: Double, _ than: Double) -> Bool
  ) -> Standing? {
    guard let progress else { return score.isFinite ? Standing(score: score) : nil }
    // A gain of exactly the minimum counts, however the difference was rounded.
    let isGain =
      score.isFinite && isBetter(score, progress.score)
      && abs(score - progress.score) >= minimumGain - 1e-9
    return isGain
      ? Standing(score: score) : Standing(score: progress.score, waited: progress.waited + 1)
  }

  /// Values out of range, in one sentence each.
  package var problems: [String] {
    var problems: [String] = []
    if patience < 1 {
      problems.append(
        "the patience of `.earlyStopping` is \(patience); it has to be at least 1 validation")
    }
    if !(minimumGain >= 0 && minimumGain.isFinite) {
      problems.append(
        "the minimum gain \(minimumGain) of `.earlyStopping` is not zero or a positive number")
    }
    return problems
  }
}
