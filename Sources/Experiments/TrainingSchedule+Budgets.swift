public import Training

extension TrainingSchedule {
  /// More is a mistake.
  private static let mostEpochs = 100_000.0

  /// The steps of the run, where its description says them; `nil`: they follow from its epochs.
  public var plannedSteps: Int? { epochs == nil ? steps : nil }

  /// What is wrong with how long the run is to be, in one sentence each.
  var budgetProblems: [String] {
    var problems: [String] = []
    if let epochs, !(epochs > 0 && epochs <= Self.mostEpochs) {
      problems.append(
        epochs > 0 && epochs.isFinite
          ? "`epochs` is \(epochs); it can be at most \(Int(Self.mostEpochs))"
          : "`epochs` is \(epochs); it has to be a number above 0")
    }
    if let seconds, !(seconds > 0 && seconds.isFinite) {
      problems.append("`seconds` is \(seconds); it has to be a number above 0")
    }
    problems += earlyStopping?.problems ?? []
    guard timing != nil else { return problems }
    if seconds != nil {
      problems.append("a run that is timed is as long as its steps; leave `.seconds` out")
    }
    if earlyStopping != nil {
      problems.append("a run that is timed is not validated; leave `.earlyStopping` out")
    }
    return problems
  }
}
