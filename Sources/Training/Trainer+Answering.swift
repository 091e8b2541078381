extension Trainer {
  /// Answers the sources of a batch a step, those that training would learn from, and tells how
  /// many it answered a second: `inference/samples-per-second`.
  ///
  /// - Returns: the state, with its step; `isDone(_:)` tells whether it was told to stop.
  /// - Throws: `TrainingError.noExamples`, and what the hooks throw.
  public func answer(from state: TrainingState, _ hooks: Hooks) throws -> TrainingState {
    if schedule.epochs != nil { return try settled().answer(from: state, hooks) }
    var order = try taskOrder()
    let evaluators = try evaluators()
    let adaptation = try adaptation()
    try checkRoom(adaptation, evaluators, targets: false)
    let clock = ContinuousClock()
    var state = state
    while state.step < schedule.steps {
      let (task, examples) = batch(of: state.step, &order)
      let model = TunedModel(
        backbone: backbone, adaptation: adaptation, parameters: state.parameters, task: task)
      let sources = examples.map(\.source)
      let elapsed = clock.measure {
        _ = model.predictedIDs(sources, evaluators[task].decoding, batchTokens: .max)
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
