public import Backbones
public import Datasets
public import Evaluation
import Foundation
public import NeuralNetworks
import TensorEngine
import Tokenization
public import TuningMethods

/// One training run: what is trained on what, and how; a value that can be run again to the same
/// bits.
public struct Trainer: Sendable {
  public let backbone: LoadedBackbone
  public let method: any TuningMethod
  public let schedule: TrainingSchedule
  public let seed: Int
  /// The examples by split; validation and test may be empty.
  public let examples: [Split: [Example]]
  /// What answers are judged by.
  public let metrics: [Metric]
  /// What the best step is chosen by on validation.
  public let selection: Metric

  /// The texts to choose among where the schedule asks for labels.
  public let labels: [String]

  /// What the caller hears and decides while a run goes on.
  public struct Hooks {
    /// A point of a metric; steps count from 1.
    public var metric: (_ step: Int, _ name: String, _ value: Double) throws -> Void
    /// The state after a step that is worth keeping: after validation, every so often, before
    /// stopping.
    public var checkpoint: (TrainingState) throws -> Void
    /// Whether to stop after the current step.
    public var shouldStop: () -> Bool
    /// Seconds between checkpoints besides those after validation.
    public var checkpointInterval = 20.0

    public init(
      metric: @escaping (_ step: Int, _ name: String, _ value: Double) throws -> Void = {
        _, _, _ in
      },
      checkpoint: @escaping (TrainingState) throws -> Void = { _ in },
      shouldStop: @escaping () -> Bool = { false }
    ) {
      self.metric = metric
      self.checkpoint = checkpoint
      self.shouldStop = shouldStop
    }
  }

  public init(
    backbone: LoadedBackbone, method: any TuningMethod, schedule: TrainingSchedule, seed: Int,
    examples: [Split: [Example]], metrics: [Metric], selection: Metric, labels: [String] = []
  ) {
    self.backbone = backbone
    self.method = method
    self.schedule = schedule
    self.seed = seed
    self.examples = examples
    self.metrics = metrics
    self.selection = selection
    self.labels = labels
  }

  /// The longest source in tokens that this run reads: the schedule's, unless the method's is less.
  public var sourceLength: Int {
    min(schedule.sourceLength, method.longestSource ?? schedule.sourceLength)
  }

  /// The adaptation of this run's backbone.
  ///
  /// - Throws: `TrainingError` where the method is impossible or trains nothing.
  public func adaptation() throws(TrainingError) -> Adaptation {
    let anatomy = backbone.model.anatomy
    let impossible = method.issues + method.issues(on: anatomy)
    guard impossible.isEmpty else { throw .impossibleMethod(issues: impossible) }
    let adaptation = method.adaptation(of: anatomy)
    guard adaptation.conflicts.isEmpty else {
      throw .impossibleMethod(issues: adaptation.conflicts)
    }
    guard !adaptation.trained.isEmpty else {
      throw .nothingToTrain(method: type(of: method).name)
    }
    return adaptation
  }

  /// The state before the first step.
  public func initialState() throws(TrainingError) -> TrainingState {
    let parameters = backbone.initialParameters(try adaptation(), seed: seed)
    return TrainingState(parameters: parameters, weightDecay: schedule.weightDecay)
  }

  /// Whether `state` has the tensors that this run trains, in their shapes.
  public func fits(_ state: TrainingState) throws(TrainingError) -> Bool {
    let declared = try adaptation().parameters
    return state.parameters.count == declared.count
      && declared.allSatisfy { state.parameters.tensor(named: $0.name)?.shape == $0.shape }
  }

  /// Trains from `state` to the last step, or until told to stop.
  ///
  /// - Returns: the state reached; `step < schedule.steps` means it was told to stop.
  /// - Throws: `TrainingError.diverged`, what makes the run impossible, and what the hooks throw.
  public func train(from state: TrainingState, _ hooks: Hooks) throws -> TrainingState {
    let training = examples[.train] ?? []
    guard !training.isEmpty else { throw TrainingError.noExamples }
    let (adaptation, evaluator) = (try adaptation(), try evaluator)
    let groups = Dictionary(uniqueKeysWithValues: adaptation.parameters.map { ($0.name, $0.group) })
    var order = order(of: training)
    let rates = LearningRateSchedule(steps: schedule.steps, warmup: schedule.warmup)
    let clock = ContinuousClock()
    var state = state
    var resumed = clock.now
    var kept = clock.now
    while state.step < schedule.steps {
      let step = state.step
      let batch = order.indices(step).map { tokenized(training[$0]) }
      try advance(&state, batch, adaptation, groups, rates.factor(step), hooks)
      let elapsed = clock.now.seconds(since: &resumed)
      state.seconds += elapsed
      state.trainingSeconds += elapsed
      if schedule.timing != nil { try hooks.metric(state.step, "train/seconds", elapsed) }
      let isLast = state.step == schedule.steps
      let isValidating = state.step % schedule.evaluationInterval == 0 || isLast
      if isValidating { try validate(&state, adaptation, evaluator, hooks) }
      state.seconds += clock.now.seconds(since: &resumed)
      let isStopping = !isLast && hooks.shouldStop()
      let isDue = Double(seconds: kept.duration(to: clock.now)) > hooks.checkpointInterval
      if isValidating || isStopping || isDue {
        try hooks.checkpoint(state)
        kept = clock.now
      }
      if isStopping { break }
    }
    return state
  }

  /// The scores of the best state on a split.
  public func scores(of state: TrainingState, on split: Split) throws -> [String: Double] {
    let parameters = state.best?.parameters ?? state.parameters
    let model = TunedModel(
      backbone: backbone, adaptation: try adaptation(), parameters: parameters)
    return try evaluator.scores(model, on: examples[split] ?? [])
  }

  /// How this run's answers are found and judged.
  ///
  /// - Throws: `TrainingError.noLabels` where they are to be chosen among labels that do not exist.
  public var evaluator: Evaluator {
    get throws(TrainingError) {
      let decoding =
        schedule.decoding == .labels
        ? try DecodingPlan.labels(labels) : DecodingPlan(maximumLength: schedule.targetLength)
      return Evaluator(metrics: metrics, decoding: decoding, sourceLength: sourceLength)
    }
  }

  /// The ids of an example, cut to this run's lengths.
  public func tokenized(_ example: Example) -> TokenizedExample {
    TokenizedExample(
      source: backbone.tokenizer.encode(example.source, length: sourceLength),
      target: backbone.tokenizer.encode(example.target, length: schedule.targetLength))
  }

  /// Which of the training examples each step reads.
  ///
  /// - Precondition: there is at least one.
  func order(of training: [Example]) -> ExampleOrder {
    ExampleOrder(
      count: training.count, limit: schedule.batchLimit, order: schedule.order, seed: seed
    ) { tokenized(training[$0]).source.count }
  }

  private func advance(
    _ state: inout TrainingState, _ batch: [TokenizedExample], _ adaptation: Adaptation,
    _ groups: [String: ParameterGroup], _ factor: Double, _ hooks: Hooks
  ) throws {
    let number = state.step + 1
    let dropout = schedule.dropout.map(Float.init) ?? backbone.model.dropout
    let model = TunedModel(
      backbone: backbone, adaptation: adaptation, parameters: state.parameters)
    let (loss, gradient) = model.lossWithGradient(
      batch, parts: schedule.accumulation, dropout: dropout,
      key: RandomKey(seed: seed).folding("dropout").folding(state.step))
    try hooks.metric(number, "train/loss", Double(loss))
    let (scale, norm) = gradient.clippingFactor(schedule.clip)
    for (quantity, value) in [("loss", Double(loss)), ("gradient norm", norm)]
    where !value.isFinite {
      throw TrainingError.diverged(
        step: number, quantity: quantity, value: "\(value)", learningRate: schedule.learningRate)
    }
    state.optimizer.update(&state.parameters, gradient: gradient, scale: scale) { name in
      let isLowRank = groups[name] == .lowRank
      let base =
        isLowRank
        ? schedule.lowRankLearningRate ?? schedule.learningRate : schedule.learningRate
      return base * factor
    }
    state.step = number
  }

  private func validate(
    _ state: inout TrainingState, _ adaptation: Adaptation, _ evaluator: Evaluator, _ hooks: Hooks
  ) throws {
    let all = examples[.validation] ?? []
    guard !all.isEmpty else { return }
    let model = TunedModel(
      backbone: backbone, adaptation: adaptation, parameters: state.parameters)
    let judged = Array(all.prefix(schedule.validationLimit ?? all.count))
    let scores = evaluator.scores(model, on: judged)
    for (name, value) in scores.sorted(by: { $0.key < $1.key }) {
      try hooks.metric(state.step, "validation/\(name)", value)
    }
    guard let score = scores[selection.name.rawValue] else { return }
    if let best = state.best?.scores[selection.name.rawValue],
      !selection.isBetter(score, than: best)
    {
      return
    }
    state.best = .init(parameters: state.parameters, step: state.step, scores: scores)
  }
}

extension ContinuousClock.Instant {
  /// Seconds since `last`, which moves here.
  fileprivate func seconds(since last: inout ContinuousClock.Instant) -> Double {
    defer { last = self }
    return Double(seconds: last.duration(to: self))
  }
}

extension Double {
  /// A duration in seconds.
  fileprivate init(seconds duration: Duration) {
    let (whole, atto) = duration.components
    self = Double(whole) + Double(atto) * 1e-18
  }
}
