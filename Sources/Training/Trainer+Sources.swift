import Backbones
import NeuralNetworks
import TensorEngine
import TuningMethods

extension Trainer {
  /// The state before the first step of a run that starts from adapters of others.
  ///
  /// One rule: a method that asks for sources (`TuningMethod.sources`) is given what they hold, and
  /// makes of it what it likes; any other takes one at most and starts from its values, whose names
  /// and shapes have to be those of its own parameters.
  ///
  /// - Parameter paths: adapter files, or folders with one, in the order of the sources.
  /// - Throws: `TrainingError` where their number or one of them does not fit the method, and
  ///   `CheckpointError`.
  public func initialState(from paths: [String]) throws -> TrainingState {
    let range = method.sources
    guard range.contains(paths.count) || (range.upperBound == 0 && paths.count == 1) else {
      throw TrainingError.wrongSourceCount(
        method: type(of: method).name, wanted: range, found: paths.count)
    }
    guard range.upperBound == 0, let path = paths.first else {
      return try initialState(sources: paths.map { try Parameters(adapterAt: $0) })
    }
    return try initialState(valuesOf: path)
  }

  /// The state before the first step of a run that takes the values of an adapter of its own
  /// method.
  ///
  /// - Throws: `TrainingError` where names or shapes differ, `CheckpointError` for a malformed
  ///   file.
  public func initialState(valuesOf path: String) throws -> TrainingState {
    TrainingState(
      parameters: try Parameters(adapterAt: path, for: adaptation()),
      weightDecay: schedule.weightDecay)
  }
}
