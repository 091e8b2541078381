import Training

extension Plan {
  /// Passes over the training examples, whole or not, and the steps for which the learning rates
  /// rise; several numbers multiply the runs.
  ///
  /// The steps follow from the examples that a run has, after few of them were drawn and with its
  /// limit of examples or tokens a step; steps that were said before no longer count.
  public func epochs(_ counts: Double..., warmup: Int = 0) -> Plan {
    multiplied(over: counts, axis: "epochs") {
      $0.spec.schedule.epochs = $1
      $0.spec.schedule.steps = TrainingSchedule().steps
      $0.spec.schedule.warmup = warmup
    }
  }

  /// Wall-clock seconds that training steps may take at most; several numbers multiply the runs.
  ///
  /// The run ends with the step that reaches them, or with its last one before that, and is then
  /// validated and tested as ever. The time of all its attempts counts, that of validations does
  /// not. The learning rates go by steps: say as many as there is time for. How far a run comes
  /// depends on the machine, and so do its scores.
  public func seconds(_ limits: Double...) -> Plan {
    multiplied(over: limits, axis: "seconds") { $0.spec.schedule.seconds = $1 }
  }

  /// What a run may take, in one place: `.budget(steps: 500, seconds: 120)` ends with whichever
  /// comes first.
  ///
  /// - Parameters:
  ///   - steps: optimizer steps; `nil`: as said elsewhere. The warm-up stays as it is.
  ///   - epochs: passes over the training examples, instead of steps.
  ///   - seconds: wall-clock seconds of training steps.
  public func budget(steps: Int? = nil, epochs: Double? = nil, seconds: Double? = nil) -> Plan {
    map { entry in
      if steps != nil, epochs != nil {
        entry.mistakes.append("`.budget` got both steps and epochs; the one follows from the other")
      }
      if steps == nil, epochs == nil, seconds == nil {
        entry.mistakes.append("`.budget` got no value; give it steps, epochs or seconds")
      }
      if let steps {
        entry.spec.schedule.steps = steps
        entry.spec.schedule.epochs = nil
      } else if let epochs {
        entry.spec.schedule.epochs = epochs
        entry.spec.schedule.steps = TrainingSchedule().steps
      }
      if let seconds { entry.spec.schedule.seconds = seconds }
    }
  }

  /// Ends a run when `patience` validations in a row brought no gain; several numbers multiply the
  /// runs.
  ///
  /// - Parameter minimumGain: by how much a score has to be better than at the last gain, in the
  ///   metric's own unit; with 0, any better score is a gain.
  public func earlyStopping(patience: Int..., minimumGain: Double = 0) -> Plan {
    multiplied(over: patience, axis: "earlyStopping") {
      $0.spec.schedule.earlyStopping = EarlyStopping(patience: $1, minimumGain: minimumGain)
    }
  }
}
