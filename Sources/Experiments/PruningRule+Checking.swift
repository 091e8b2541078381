import Training

extension PruningRule {
  /// What of a run's schedule does not fit the steps that runs are compared at, in one sentence
  /// each: all of a group have to reach them, and to be validated there anyway.
  func problems(with schedule: TrainingSchedule) -> [String] {
    var problems = ownProblems
    if schedule.seconds != nil {
      problems.append(
        "runs that end after so many seconds reach other steps on every machine, so that they"
          + " cannot be pruned; leave `.seconds` or the pruning out")
    }
    if schedule.earlyStopping != nil {
      problems.append(
        "a run that ends before the others cannot be compared with them; leave `.earlyStopping` or"
          + " the pruning out")
    }
    if schedule.timing != nil {
      problems.append(
        "a run that is timed is not validated, so that it cannot be pruned; leave `.timing` out")
    }
    if schedule.epochs != nil {
      problems.append(
        "how many steps `.epochs` are is only known once their examples are read, and runs that are"
          + " pruned are compared by steps; say `.steps` instead")
      return problems
    }
    // With the rule itself wrong there is nothing to compare steps with.
    guard ownProblems.isEmpty else { return problems }
    let interval = schedule.evaluationInterval
    guard interval > 0 else { return problems }
    for (step, name) in comparisons where step % interval != 0 {
      problems.append(
        "runs are compared \(name) \(step) steps, but validated every \(interval); let the one be"
          + " a multiple of the other")
    }
    if let first = comparisons.first?.step, let steps = schedule.plannedSteps, first >= steps {
      problems.append(
        "runs are compared after \(first) steps at the earliest, and this one has \(steps): nothing"
          + " would be pruned; compare earlier")
    }
    return problems
  }

  /// The steps that decide where runs are compared.
  private var comparisons: [(step: Int, name: String)] {
    switch self {
    case .successiveHalving(_, let from): [(from, "after")]
    case .median(let after, let every): [(after, "after"), (every, "every")]
    }
  }

  /// Values out of range.
  private var ownProblems: [String] {
    var problems: [String] = []
    switch self {
    case .successiveHalving(let factor, let from):
      if factor < 2 {
        problems.append(
          "successive halving with a factor of \(factor) gives up no run; it has to be at least 2")
      }
      if from < 1 {
        problems.append("successive halving begins after \(from) steps; it has to be at least 1")
      }
    case .median(let after, let every):
      if after < 1 {
        problems.append("median pruning begins after \(after) steps; it has to be at least 1")
      }
      if every < 1 {
        problems.append("median pruning compares every \(every) steps; it has to be at least 1")
      }
    }
    return problems
  }
}
