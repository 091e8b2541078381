public import Datasets
public import Training

extension Plan {
  /// Optimizer steps in all, and how many of them the learning rates rise for; epochs that were
  /// said before no longer count.
  public func steps(_ count: Int, warmup: Int = 0) -> Plan {
    map {
      $0.spec.schedule.steps = count
      $0.spec.schedule.epochs = nil
      $0.spec.schedule.warmup = warmup
    }
  }

  /// Seeds of initialisation, order, dropout and few-shot sampling; several multiply the runs.
  public func seeds(_ seeds: Int...) -> Plan {
    self.seeds(seeds)
  }

  /// Seeds of initialisation, order, dropout and few-shot sampling; several multiply the runs.
  public func seeds(_ seeds: some Sequence<Int>) -> Plan {
    multiplied(over: seeds, axis: "seeds") { $0.spec.seed = $1 }
  }

  /// Examples per optimizer step, cut into `accumulation` parts; several sizes multiply the runs.
  public func batchSize(_ sizes: Int..., accumulation: Int = 1) -> Plan {
    multiplied(over: sizes, axis: "batchSize") {
      $0.spec.schedule.batchSize = $1
      $0.spec.schedule.batchTokens = nil
      $0.spec.schedule.accumulation = accumulation
    }
  }

  /// Source tokens per optimizer step at most, instead of a number of examples, cut into
  /// `accumulation` parts; several budgets multiply the runs.
  ///
  /// A source counts with its end token; one that is longer than the budget is a step of its own.
  public func batchTokens(_ budgets: Int..., accumulation: Int = 1) -> Plan {
    multiplied(over: budgets, axis: "batchTokens") {
      $0.spec.schedule.batchTokens = $1
      $0.spec.schedule.accumulation = accumulation
    }
  }

  /// Only so many training examples; several numbers multiply the runs.
  ///
  /// - Parameters:
  ///   - rule: as evenly from the classes as they allow, as in the paper; or any.
  ///   - seeds: the draws, which multiply the runs; `nil`: each run draws with its own seed.
  public func fewShot(
    _ counts: Int..., rule: FewShotSample.Rule = .balanced, seeds: [Int]? = nil
  ) -> Plan {
    let plan = multiplied(over: counts, axis: "fewShot") {
      $0.spec.schedule.fewShot = $1
      $0.spec.schedule.fewShotRule = rule
    }
    guard let seeds else { return plan }
    return plan.multiplied(over: seeds, axis: "fewShot") { $0.spec.schedule.fewShotSeed = $1 }
  }

  /// Validate after every so many steps, on at most `limit` examples.
  public func evaluate(every steps: Int, limit: Int? = nil) -> Plan {
    map {
      $0.spec.schedule.evaluateEvery = steps
      $0.spec.schedule.validationLimit = limit
    }
  }

  /// How answers are found on validation and test examples: written token by token, as in the
  /// paper, or chosen among the data set's labels by their probability.
  public func decoding(_ decoding: TrainingSchedule.Decoding) -> Plan {
    map { $0.spec.schedule.decoding = decoding == .generation ? nil : decoding }
  }

  /// The longest source in tokens, its end token included; several multiply the runs.
  public func sourceLength(_ lengths: Int...) -> Plan {
    multiplied(over: lengths, axis: "sourceLength") { $0.spec.schedule.sourceLength = $1 }
  }

  /// The longest target in tokens, its end token included; several multiply the runs.
  public func targetLength(_ lengths: Int...) -> Plan {
    multiplied(over: lengths, axis: "targetLength") { $0.spec.schedule.targetLength = $1 }
  }

  /// The dropout probability inside the backbone; several multiply the runs.
  public func dropout(_ probabilities: Double...) -> Plan {
    multiplied(over: probabilities, axis: "dropout") { $0.spec.schedule.dropout = $1 }
  }

  /// Decoupled weight decay; several values multiply the runs.
  public func weightDecay(_ decays: Double...) -> Plan {
    multiplied(over: decays, axis: "weightDecay") { $0.spec.schedule.weightDecay = $1 }
  }

  /// The largest global gradient norm; 0 switches clipping off; several multiply the runs.
  public func clip(_ norms: Double...) -> Plan {
    multiplied(over: norms, axis: "clip") { $0.spec.schedule.clip = $1 }
  }

  /// The arithmetic of frozen weights; several multiply the runs.
  public func precision(_ precisions: TrainingSchedule.Precision...) -> Plan {
    multiplied(over: precisions, axis: "precision") { $0.spec.schedule.precision = $1 }
  }

  /// The order of the training examples.
  ///
  /// `.bucketed` puts sources of similar length into a batch; every epoch still has each example
  /// once, and its long batches come as early as late. It saves no arithmetic, as nothing is ever
  /// padded: it evens out what the sources of a step cost, above all under `batchTokens`.
  public func order(_ order: TrainingSchedule.Order) -> Plan {
    map { $0.spec.schedule.order = order }
  }

  /// How often a multi-task run trains on each of its data sets: by `.temperature(10)` unless it
  /// says otherwise, `.proportional` or `.equal`; several multiply the runs.
  ///
  /// A run on one data set has nothing to mix and stays one run.
  public func mixing(_ mixings: TaskMixing...) -> Plan {
    guard !mixings.isEmpty else {
      return multiplied(over: mixings, axis: "mixing") { _, _ in }
    }
    return with(
      entries.flatMap { entry in
        guard entry.spec.datasets.count > 1 else { return [entry] }
        return mixings.map { mixing in
          var entry = entry
          entry.spec.schedule.mixing = mixing
          return entry
        }
      })
  }

  /// Carries runs out for the time they take, each alone in a process of its own, and neither
  /// validates nor tests them; several multiply the runs.
  ///
  /// Every step but the first counts: read the results with `Quantity.stepTime`,
  /// `Quantity.samplesPerSecond` and `Quantity.peakMemory`. The examples are taken in file order.
  public func timing(_ timings: TrainingSchedule.Timing...) -> Plan {
    multiplied(over: timings, axis: "timing") {
      $0.spec.schedule.timing = $1
      $0.spec.schedule.order = .sequential
    }
  }
}
