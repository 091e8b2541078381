public import NeuralNetworks
public import TensorEngine

extension TuningMethod {
  /// What makes it impossible to start from adapters of other runs, one sentence each: too few or
  /// too many, one without the tensor that is wanted, or with another shape.
  ///
  /// Methods that ask for no sources have no issue with any: how a run starts from another's values
  /// is then not theirs to say.
  ///
  /// - Parameter taskCount: the tasks that the run trains on.
  public func issues(
    startingFrom sources: [Parameters], on backbone: Anatomy, taskCount: Int = 1
  ) -> [String] {
    let range = self.sources
    guard range.upperBound > 0 else { return [] }
    guard range.contains(sources.count) else {
      let wanted =
        range.lowerBound == range.upperBound
        ? "\(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
      return [
        "\(Self.title) starts from the adapters of \(wanted) other run\(wanted == "1" ? "" : "s"), "
          + "and \(sources.isEmpty ? "none is" : "\(sources.count) are") given"
      ]
    }
    return adaptation(of: backbone, taskCount: taskCount).issues(startingFrom: sources)
  }
}
