import Datasets
public import Training
public import TuningMethods

extension RunSpec {
  /// Everything that is wrong with this run by itself, in one sentence each.
  ///
  /// What is checked needs neither data nor weights: names, ranges, and how numbers fit together.
  ///
  /// - Parameter method: the run's method; `nil` where its description could not be read.
  public func problems(with method: (any TuningMethod)?, knowing catalogue: PlanCatalogue)
    -> [String]
  {
    dataProblems(knowing: catalogue)
      + [catalogue.problem(with: backbone)].compactMap(\.self) + (method?.issues ?? [])
      + schedule.problems + fitProblems(longestSource: method?.longestSource)
      + labelProblems(knowing: catalogue) + seedProblems
  }

  /// What is wrong with the data sets and their preparation.
  func dataProblems(knowing catalogue: PlanCatalogue) -> [String] {
    var problems = datasets.compactMap { catalogue.problem(with: $0) }
    if datasets.isEmpty { problems.append("the run has no data set; name at least one") }
    for dataset in Set(datasets).sorted() where datasets.count(where: { $0 == dataset }) > 1 {
      problems.append("'\(dataset)' is listed more than once in a run; name each data set once")
    }
    for dataset in datasets where preparation != .standard {
      guard let known = try? catalogue.datasets.dataset(dataset) else { continue }
      problems += preparation.problems(with: known)
    }
    return problems
  }

  /// Whether the method reads as much of a source as the run has of it.
  func fitProblems(longestSource: Int?) -> [String] {
    guard let longest = longestSource, longest < schedule.sourceLength, longest > 0 else {
      return []
    }
    return [
      "\(method.name) reads sources of at most \(longest) tokens, and this run's are cut at "
        + "\(schedule.sourceLength): set the method's sourceLength or .sourceLength(\(longest))"
    ]
  }

  /// Whether there are labels, where some are to be chosen among.
  func labelProblems(knowing catalogue: PlanCatalogue) -> [String] {
    guard schedule.decoding == .labels else { return [] }
    return datasets.compactMap { dataset in
      guard let known = try? catalogue.datasets.dataset(dataset), known.labels.isEmpty else {
        return nil
      }
      return "'\(dataset)' has no labels to choose among: its answers are free text; leave "
        + "`.decoding(.labels)` out"
    }
  }

  /// Whether the seeds are some.
  var seedProblems: [String] {
    var problems: [String] = []
    if let draw = schedule.fewShotSeed, draw < 0 {
      problems.append("the seed \(draw) of the few-shot draw is negative; seeds count from 0")
    }
    if seed < 0 { problems.append("the seed \(seed) is negative; seeds count from 0") }
    return problems
  }
}

extension TrainingSchedule {
  /// Values out of range, and values that contradict each other, in one sentence each.
  public var problems: [String] {
    var problems: [String] = []
    func require(_ holds: Bool, _ sentence: @autoclosure () -> String) {
      if !holds { problems.append(sentence()) }
    }
    func positive(_ value: Int?, _ name: String) {
      guard let value else { return }
      require(value > 0, "`\(name)` is \(value); it has to be at least 1")
    }
    if epochs == nil { positive(steps, "steps") }
    problems += budgetProblems
    positive(batchSize, "batchSize")
    positive(batchTokens, "batchTokens")
    positive(accumulation, "accumulation")
    positive(sourceLength, "sourceLength")
    positive(targetLength, "targetLength")
    positive(fewShot, "fewShot")
    positive(validationLimit, "evaluate(limit:)")
    require(
      timing == nil || epochs != nil || steps != 1,
      "a run that is timed needs at least 2 steps, because the first warms up")
    require(warmup >= 0, "`warmup` is \(warmup); it cannot be negative")
    require(
      epochs != nil || steps <= 0 || warmup <= steps,
      "the warm-up of \(warmup) steps is longer than the \(steps) steps of the run; shorten it")
    require(
      batchTokens != nil || batchSize <= 0 || accumulation <= batchSize,
      "a batch of \(batchSize) examples cannot be cut into \(accumulation) parts")
    require(
      evaluateEvery >= 0, "`evaluate(every:)` is \(evaluateEvery); it cannot be negative")
    for rate in [learningRate, lowRankLearningRate].compactMap(\.self) {
      require(
        rate > 0 && rate.isFinite, "the learning rate \(rate) is not a positive, finite number")
    }
    require(
      weightDecay >= 0 && weightDecay.isFinite,
      "the weight decay \(weightDecay) is not zero or a positive, finite number")
    require(
      clip >= 0 && clip.isFinite, "the gradient norm \(clip) is not zero or a positive number")
    problems += mixing?.problems ?? []
    if let dropout {
      require(
        dropout >= 0 && dropout < 1, "the dropout \(dropout) is not a probability below 1")
    }
    return problems
  }
}
