import Backbones
public import Datasets
public import Evaluation
import NeuralNetworks
import TensorEngine

extension Trainer {
  /// Whether there is anything to judge on a split.
  public func hasExamples(_ split: Split) -> Bool { tasks.contains { !$0[split].isEmpty } }

  /// The scores of the best state on a split, named as `TaskScores` has it.
  public func scores(of state: TrainingState, on split: Split) throws -> [String: Double] {
    scores(of: try predictions(of: state, on: split))
  }

  /// The answers of the best state to a split of each task, beside the accepted ones.
  public func predictions(of state: TrainingState, on split: Split) throws -> [[Prediction]] {
    try predictions(
      state.best?.parameters ?? state.parameters, try adaptation(), try evaluators(), on: split)
  }

  /// How the answers of this run's first task, as a rule the only one, are found and judged.
  ///
  /// - Throws: `TrainingError.noLabels` where they are to be chosen among labels that do not exist.
  public var evaluator: Evaluator {
    get throws(TrainingError) { try evaluator(of: tasks[0]) }
  }

  /// How the answers of each task are found and judged.
  func evaluators() throws(TrainingError) -> [Evaluator] {
    var evaluators: [Evaluator] = []
    for task in tasks {
      try checkLabels(of: task)
      evaluators.append(try evaluator(of: task))
    }
    return evaluators
  }

  /// - Throws: `TrainingError.indistinctLabels` where a model could not tell what it learns.
  private func checkLabels(of task: TrainingTask) throws(TrainingError) {
    guard task.preparation.labelWords != nil else { return }
    var known: [[Int]: String] = [:]
    for label in task.labels {
      let ids = backbone.targetIDs(label, length: schedule.targetLength)
      if let other = known.updateValue(label, forKey: ids) {
        throw .indistinctLabels(other, label)
      }
    }
  }

  private func evaluator(of task: TrainingTask) throws(TrainingError) -> Evaluator {
    let decoding =
      schedule.decoding == .labels
      ? try DecodingPlan.labels(task.labels) : DecodingPlan(maximumLength: schedule.targetLength)
    return Evaluator(
      metrics: task.metrics, decoding: decoding, sourceLength: sourceLength,
      truncation: schedule.truncation ?? .end, preparation: task.preparation)
  }

  /// Checks that every example fits the backbone's positions, where it numbers them.
  ///
  /// - Parameter targets: whether targets are learnt, or sources are only answered.
  /// - Throws: `TrainingError.tooLong`.
  func checkRoom(
    _ adaptation: Adaptation, _ evaluators: [Evaluator], targets: Bool = true
  ) throws(TrainingError) {
    guard backbone.model.longestSequence != nil else { return }
    let model = TunedModel(backbone: backbone, adaptation: adaptation, parameters: Parameters())
    for (task, evaluator) in zip(tasks, evaluators) {
      guard targets else {
        try evaluator.checkRoom(model, for: task[.train])
        continue
      }
      for place in task[.train].indices {
        let ids = trainingExample(place, of: task)
        try model.checkRoom(source: ids.source.count, target: ids.target.count)
      }
      for split in [Split.validation, .test] {
        try evaluator.checkRoom(model, for: task[split])
      }
    }
  }

  /// Judges the state of a step, and keeps it where it is the best so far.
  func validate(
    _ state: inout TrainingState, _ adaptation: Adaptation, _ evaluators: [Evaluator],
    _ hooks: Hooks
  ) throws {
    guard hasExamples(.validation) else { return }
    let scores = scores(
      of: try predictions(
        state.parameters, adaptation, evaluators, on: .validation,
        limit: schedule.validationLimit))
    for (name, value) in scores.sorted(by: { $0.key < $1.key }) {
      try hooks.metric(state.step, "validation/\(name)", value)
    }
    guard let score = scores[selectionName] else { return }
    if let rule = schedule.earlyStopping {
      state.progress = rule.progress(
        after: state.progress, score: score, isBetter: tasks[0].selection.isBetter)
    }
    if let best = state.best?.scores[selectionName], !tasks[0].selection.isBetter(score, than: best)
    {
      return
    }
    state.best = .init(parameters: state.parameters, step: state.step, scores: scores)
  }

  /// The score that the best step is chosen by.
  private var selectionName: String {
    tasks.count == 1 ? tasks[0].selection.name.rawValue : TaskScores.mean
  }

  /// The scores of answers to each task, named as `TaskScores` has it; a task without any is no
  /// part of the mean.
  public func scores(of predictions: [[Prediction]]) -> [String: Double] {
    func scores(_ index: Int) -> [String: Double] {
      tasks[index].metrics.scores(of: predictions[index])
    }
    guard tasks.count > 1 else { return scores(0) }
    var all: [String: Double] = [:]
    var selected: [Double] = []
    for (index, task) in tasks.enumerated() where !predictions[index].isEmpty {
      let own = scores(index)
      for (name, value) in own { all[TaskScores.name(name, of: task.name)] = value }
      if let score = own[task.selection.name.rawValue] { selected.append(score) }
    }
    if !selected.isEmpty { all[TaskScores.mean] = selected.reduce(0, +) / Double(selected.count) }
    return all
  }

  /// Answers to at most `limit` examples a task.
  private func predictions(
    _ parameters: Parameters, _ adaptation: Adaptation, _ evaluators: [Evaluator],
    on split: Split, limit: Int? = nil
  ) throws -> [[Prediction]] {
    tasks.indices.map { index in
      let model = TunedModel(
        backbone: backbone, adaptation: adaptation, parameters: parameters, task: index)
      let examples = tasks[index][split]
      return evaluators[index].predictions(
        model, on: examples.prefix(limit ?? examples.count))
    }
  }
}
