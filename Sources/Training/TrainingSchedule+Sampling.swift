public import Datasets

extension TrainingSchedule {
  /// The few training examples that a run is given; `nil`: it is given all.
  ///
  /// - Parameter seed: the run's.
  public func sample(seed: Int) -> FewShotSample? {
    fewShot.map {
      FewShotSample(count: $0, seed: fewShotSeed ?? seed, rule: fewShotRule ?? .balanced)
    }
  }
}
