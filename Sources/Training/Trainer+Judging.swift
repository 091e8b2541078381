public import Datasets
import Evaluation
import NeuralNetworks
import TensorEngine

extension Trainer {
  /// Whether there is anything to judge on a split.
  public func hasExamples(_ split: Split) -> Bool { tasks.contains { !$0[split].isEmpty } }

  /// The scores of the best state on a split, named as `TaskScores` has it.
  public func scores(of state: TrainingState, on split: Split) throws -> [String: Double] {
    try scores(
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
    for task in tasks { evaluators.append(try evaluator(of: task)) }
    return evaluators
  }

  private func evaluator(of task: TrainingTask) throws(TrainingError) -> Evaluator {
    let decoding =
      schedule.decoding == .labels
      ? try DecodingPlan.labels(task.labels) : DecodingPlan(maximumLength: schedule.targetLength)
    return Evaluator(metrics: task.metrics, decoding: decoding, sourceLength: sourceLength)
  }

  /// Judges the state of a step, and keeps it where it is the best so far.
  func validate(
    _ state: inout TrainingState, _ adaptation: Adaptation, _ evaluators: [Evaluator],
    _ hooks: Hooks
  ) throws {
    guard hasExamples(.validation) else { return }
    let scores = try scores(
      state.parameters, adaptation, evaluators, on: .validation, limit: schedule.validationLimit)
    for (name, value) in scores.sorted(by: { $0.key < $1.key }) {
      try hooks.metric(state.step, "validation/\(name)", value)
    }
    guard let score = scores[selectionName] else { return }
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

  /// Scores of at most `limit` examples a task; a task without any is no part of the mean.
  private func scores(
    _ parameters: Parameters, _ adaptation: Adaptation, _ evaluators: [Evaluator],
    on split: Split, limit: Int? = nil
  ) throws -> [String: Double] {
    func scores(_ index: Int) -> [String: Double] {
      let model = TunedModel(
        backbone: backbone, adaptation: adaptation, parameters: parameters, task: index)
      let examples = tasks[index][split]
      return evaluators[index].scores(model, on: Array(examples.prefix(limit ?? examples.count)))
    }
    guard tasks.count > 1 else { return scores(0) }
    var all: [String: Double] = [:]
    var selected: [Double] = []
    for (index, task) in tasks.enumerated() where !task[split].isEmpty {
      let own = scores(index)
      for (name, value) in own { all[TaskScores.name(name, of: task.name)] = value }
      if let score = own[task.selection.name.rawValue] { selected.append(score) }
    }
    if !selected.isEmpty { all[TaskScores.mean] = selected.reduce(0, +) / Double(selected.count) }
    return all
  }
}
