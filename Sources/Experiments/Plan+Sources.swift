extension Plan {
  /// Every run inside starts from the adapters of all the runs of `sources`, which are carried out
  /// first; those that the plan does not list are planned as well.
  ///
  /// A method that asks for sources (`TuningMethod.sources`) is given them. Any other takes one,
  /// and starts from its values: names and shapes have to be those of its own parameters. Said
  /// twice, the sources add up. Modifiers that follow change these runs and not their sources:
  ///
  /// ```swift
  /// Run(SPoT(), on: .rte, with: .nano)
  ///   .after(Run(PromptTuning(), on: .mnli, with: .nano).steps(2_000))
  ///   .seeds(1...3)   // three runs that start from the same one
  /// ```
  public func after(_ sources: Plan...) -> Plan { after(sources) }

  /// Every run inside starts from the adapters of all the runs of `sources`.
  public func after(_ sources: [Plan]) -> Plan {
    let added = sources.flatMap(\.entries)
    return map { entry in
      if added.isEmpty { entry.mistakes.append("`.after` got no run; give it at least one") }
      if added.contains(where: { $0.search != nil }) {
        entry.mistakes.append(
          "`.after` cannot start from the winner of a search, which is not known yet; give it the "
            + "run itself")
      }
      entry.sources += added
      entry.spec.sources += added.map(\.spec)
    }
  }

  /// Another name of `after`, which reads better where values are copied.
  public func initialised(from sources: Plan...) -> Plan { after(sources) }

  /// Another name of `after`, which reads better where values are copied.
  public func initialised(from sources: [Plan]) -> Plan { after(sources) }
}
