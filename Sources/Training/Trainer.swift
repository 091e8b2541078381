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
  public internal(set) var schedule: TrainingSchedule
  public let seed: Int
  /// What is learnt: one task as a rule.
  public let tasks: [TrainingTask]
  /// About the most encoder rows that are computed at once, where memory is short; `nil`: as
  /// measured best. The result is the same up to rounding.
  public var partRows: Int?

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

  /// A run on several tasks, whose steps each have a batch of one of them.
  ///
  /// - Precondition: there is at least one.
  public init(
    backbone: LoadedBackbone, method: any TuningMethod, schedule: TrainingSchedule, seed: Int,
    tasks: [TrainingTask]
  ) {
    precondition(!tasks.isEmpty, "a run trains on at least one task")
    self.backbone = backbone
    self.method = method
    self.schedule = schedule
    self.seed = seed
    self.tasks = tasks
  }

  /// A run on one task.
  public init(
    backbone: LoadedBackbone, method: any TuningMethod, schedule: TrainingSchedule, seed: Int,
    examples: [Split: Examples], metrics: [Metric], selection: Metric, labels: [String] = []
  ) {
    let task = TrainingTask(
      "", examples: examples, metrics: metrics, selection: selection, labels: labels)
    self.init(backbone: backbone, method: method, schedule: schedule, seed: seed, tasks: [task])
  }

  /// The longest source in tokens that this run reads: the schedule's, unless the method's is less.
  public var sourceLength: Int {
    min(schedule.sourceLength, method.longestSource ?? schedule.sourceLength)
  }

  /// What the tasks of a multi-task run are called; empty where there is one.
  public var taskNames: [String] { tasks.count > 1 ? tasks.map(\.name) : [] }

  /// The adaptation of this run's backbone.
  ///
  /// - Throws: `TrainingError` where the method is impossible or trains nothing.
  public func adaptation() throws(TrainingError) -> Adaptation {
    let anatomy = backbone.model.anatomy
    let problems = method.problems(on: anatomy, taskCount: tasks.count)
    guard problems.isEmpty else { throw .impossibleMethod(issues: problems) }
    let adaptation = method.adaptation(of: anatomy, taskCount: tasks.count)
    guard !adaptation.trained.isEmpty else {
      throw .nothingToTrain(method: type(of: method).name)
    }
    return adaptation
  }

  /// The state before the first step.
  public func initialState() throws(TrainingError) -> TrainingState {
    try initialState(sources: [])
  }

  /// The state before the first step of a method that makes something of `sources`.
  func initialState(sources: [Parameters]) throws(TrainingError) -> TrainingState {
    let adaptation = try adaptation()
    let issues = method.issues(
      startingFrom: sources, on: backbone.model.anatomy, taskCount: tasks.count)
    guard issues.isEmpty else { throw .impossibleMethod(issues: issues) }
    let parameters = backbone.initialParameters(adaptation, seed: seed, sources: sources)
    return TrainingState(parameters: parameters, weightDecay: schedule.weightDecay)
  }

  /// Whether `state` has the tensors that this run trains, in their shapes.
  public func fits(_ state: TrainingState) throws(TrainingError) -> Bool {
    let declared = try adaptation().parameters
    return state.parameters.count == declared.count
      && declared.allSatisfy { state.parameters.tensor(named: $0.name)?.shape == $0.shape }
  }

  /// Trains from `state` until the run is done, or told to stop.
  ///
  /// - Parameter pause: the step to stop at, with a checkpoint; `nil`: none. A validation takes
  ///   place
  ///   there where it would have done so anyway, so that a run that goes on afterwards has the same
  ///   points and bits as one that was never paused.
  /// - Returns: the state reached; `isDone(_:)` tells whether there is more to do.
  /// - Throws: `TrainingError.diverged`, what makes the run impossible, and what the hooks throw.
  public func train(
    from state: TrainingState, pausingAt pause: Int? = nil, _ hooks: Hooks
  ) throws -> TrainingState {
    if schedule.epochs != nil { return try settled().train(from: state, pausingAt: pause, hooks) }
    let pause = pause ?? .max
    let adaptation = try adaptation()
    let evaluators = try evaluators()
    try checkRoom(adaptation, evaluators)
    try checkBudget()
    // What is known of the method without its values is worked out once, not every step.
    let untrained = TunedModel(
      backbone: backbone, adaptation: adaptation, parameters: Parameters())
    let groups = Dictionary(uniqueKeysWithValues: adaptation.parameters.map { ($0.name, $0.group) })
    var order = try taskOrder()
    let rates = LearningRateSchedule(steps: schedule.steps, warmup: schedule.warmup)
    let clock = ContinuousClock()
    var state = state
    var resumed = clock.now
    var kept = clock.now
    while !isDone(state), state.step < pause {
      let factor = rates.factor(state.step)
      try advance(&state, batch(of: state.step, &order), untrained, groups, factor, hooks)
      let elapsed = clock.now.seconds(since: &resumed)
      state.seconds += elapsed
      state.trainingSeconds += elapsed
      if schedule.timing != nil { try hooks.metric(state.step, "train/seconds", elapsed) }
      let isLast = isDone(state)
      let isValidating = state.step % schedule.evaluationInterval == 0 || isLast
      if isValidating { try validate(&state, adaptation, evaluators, hooks) }
      state.seconds += clock.now.seconds(since: &resumed)
      let isStopping = !isLast && (state.step >= pause || hooks.shouldStop())
      let isDue = Double(seconds: kept.duration(to: clock.now)) > hooks.checkpointInterval
      if isValidating || isStopping || isDue {
        try hooks.checkpoint(state)
        kept = clock.now
      }
      if isStopping { break }
    }
    return state
  }

  /// Which task and which of its examples each step reads.
  ///
  /// - Throws: `TrainingError.noExamples` where a task has nothing to train on.
  func taskOrder() throws(TrainingError) -> TaskOrder {
    guard tasks.allSatisfy({ !$0[.train].isEmpty }) else { throw .noExamples }
    let orders = tasks.map { task in
      ExampleOrder(
        count: task[.train].count, limit: schedule.batchLimit, order: schedule.order, seed: seed
      ) { min(sourceLength, task.trainingSourceLength($0, backbone)) }
    }
    let mixing = schedule.mixing ?? .standard
    let probabilities = mixing.probabilities(of: tasks.map { $0[.train].count })
    return TaskOrder(orders, draw: TaskDraw(probabilities, seed: seed))
  }

  /// The task of a step and its examples as ids.
  func batch(
    of step: Int, _ order: inout TaskOrder
  ) -> (task: Int, examples: [TokenizedExample]) {
    let (task, indices) = order.batch(step)
    return (task, indices.map { trainingExample($0, of: tasks[task]) })
  }

  private func advance(
    _ state: inout TrainingState, _ batch: (task: Int, examples: [TokenizedExample]),
    _ untrained: TunedModel, _ groups: [String: ParameterGroup], _ factor: Double, _ hooks: Hooks
  ) throws {
    let number = state.step + 1
    let dropout = schedule.dropout.map(Float.init) ?? backbone.model.dropout
    var model = untrained
    model.parameters = state.parameters
    model.task = batch.task
    let (loss, gradient) = model.lossWithGradient(
      batch.examples, parts: schedule.accumulation, rows: partRows, dropout: dropout,
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
