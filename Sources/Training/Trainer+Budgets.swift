import Datasets

extension Trainer {
  /// Whether `state` is the end of the run: its last step, or one before where time or patience was
  /// used up.
  public func isDone(_ state: TrainingState) -> Bool {
    if state.step >= schedule.steps { return true }
    guard state.step > 0 else { return false }
    if let seconds = schedule.seconds, state.trainingSeconds >= seconds { return true }
    guard let rule = schedule.earlyStopping, let progress = state.progress else { return false }
    return progress.waited >= rule.patience
  }

  /// The same run with its steps counted, where its length is said in epochs.
  ///
  /// An epoch of several tasks is as many steps as one pass over the examples of each takes
  /// together, however often each is drawn.
  ///
  /// - Throws: `TrainingError.noExamples`, and `impossibleSchedule` where the steps are too few for
  ///   what else is said.
  public func settled() throws(TrainingError) -> Trainer {
    guard let epochs = schedule.epochs else { return self }
    var settled = self
    let steps = try taskOrder().steps(ofEpochs: epochs)
    settled.schedule.steps = steps
    settled.schedule.epochs = nil
    var issues: [String] = []
    if schedule.warmup > steps {
      issues.append(
        "the warm-up of \(schedule.warmup) steps is longer than the \(steps) that"
          + " \(epochs.formatted) of its examples take; shorten it")
    }
    if schedule.timing != nil, steps < 2 {
      issues.append(
        "a run that is timed needs at least 2 steps, because the first warms up, and"
          + " \(epochs.formatted) of its examples take 1")
    }
    guard issues.isEmpty else { throw .impossibleSchedule(issues: issues) }
    return settled
  }

  /// Checks that there is something to judge where the run is to end by what is judged.
  func checkBudget() throws(TrainingError) {
    guard schedule.earlyStopping != nil, !hasExamples(.validation) else { return }
    throw .impossibleSchedule(issues: [
      "early stopping goes by validation, and there are no validation examples; leave it out or"
        + " give some"
    ])
  }
}

extension Double {
  /// `1 epoch`, `2.5 epochs`.
  fileprivate var formatted: String {
    let number = Int(exactly: self).map(String.init) ?? "\(self)"
    return "\(number) epoch\(self == 1 ? "" : "s")"
  }
}
