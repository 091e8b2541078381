import Training
import TuningMethods

extension Plan {
  /// One learning rate for everything a method trains; several multiply the runs.
  public func learningRate(_ rates: Double...) -> Plan {
    learningRate(rates)
  }

  /// One learning rate for everything a method trains; several multiply the runs.
  public func learningRate(_ rates: [Double]) -> Plan {
    multiplied(over: rates, axis: "learningRate") { entry, rate in
      entry.spec.schedule.learningRate = rate
      entry.spec.schedule.lowRankLearningRate = nil
    }
  }

  /// One learning rate for the soft prompt, another for the low-rank pair
  /// (arXiv 2309.05173, section 2.1).
  ///
  /// A method without a low-rank group has no use for the second: it uses `prompt` alone.
  public func learningRates(prompt: Double, lowRank: Double) -> Plan {
    learningRates([(prompt, lowRank)])
  }

  /// Pairs of learning rates, of the prompt and of the low-rank pair; several multiply the runs.
  ///
  /// For a method without a low-rank group, pairs that agree in `prompt` are one run.
  public func learningRates(_ pairs: [(prompt: Double, lowRank: Double)]) -> Plan {
    guard !pairs.isEmpty else {
      return multiplied(over: [Double](), axis: "learningRates") { _, _ in }
    }
    return with(
      entries.flatMap { entry in
        let hasLowRank = entry.method.defaultLearningRates.lowRank != nil
        var seen: Set<Double> = []
        return pairs.compactMap { pair -> Entry? in
          var entry = entry
          entry.spec.schedule.learningRate = pair.prompt
          entry.spec.schedule.lowRankLearningRate = hasLowRank ? pair.lowRank : nil
          return hasLowRank || seen.insert(pair.prompt).inserted ? entry : nil
        }
      })
  }
}
