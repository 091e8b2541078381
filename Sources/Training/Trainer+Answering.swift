import Datasets

extension Trainer {
  /// Answers the sources of a batch a step, those that training would learn from, and tells how
  /// many it answered a second: `inference/samples-per-second`.
  ///
  /// - Returns: the state, with its step; `step < schedule.steps` means it was told to stop.
  /// - Throws: `TrainingError.noExamples`, and what the hooks throw.
  public func answer(from state: TrainingState, _ hooks: Hooks) throws -> TrainingState {
    let training = examples[.train] ?? []
    guard !training.isEmpty else { throw TrainingError.noExamples }
    var order = order(of: training)
    let evaluator = try evaluator
    let model = TunedModel(
      backbone: backbone, adaptation: try adaptation(), parameters: state.parameters)
    try evaluator.checkRoom(model, for: training)
    let clock = ContinuousClock()
    var state = state
    while state.step < schedule.steps {
      let sources = order.indices(state.step).map { tokenized(training[$0]).source }
      let elapsed = clock.measure {
        _ = model.predictedIDs(sources, evaluator.decoding, batchTokens: .max)
      }
      let seconds = elapsed / .seconds(1)
      state.step += 1
      state.seconds += seconds
      try hooks.metric(
        state.step, "inference/samples-per-second", Double(sources.count) / seconds)
      if state.step < schedule.steps, hooks.shouldStop() { break }
    }
    return state
  }
}
