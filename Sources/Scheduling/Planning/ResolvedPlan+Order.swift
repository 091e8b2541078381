public import Experiments

extension ResolvedPlan {
  /// The runs in the order they are started: those of a higher priority first, and within one
  /// priority as `order` has it. What a run starts from is as urgent as the run.
  ///
  /// - Parameter cost: what a run is predicted to take; runs of unknown cost come last.
  /// - Throws: where runs are to be interleaved by a field that none of them has.
  public func queue(
    _ order: RunOrder, cost: (ResolvedRun) -> Double?
  ) throws(RunFilterError) -> [ResolvedRun] {
    let sorted = try arranged(order, cost: cost)
    let urgency = priorities
    guard !urgency.isEmpty else { return sorted }
    return sorted.enumerated().sorted { a, b in
      let first = urgency[a.element.id, default: 0]
      let second = urgency[b.element.id, default: 0]
      return first == second ? a.offset < b.offset : first > second
    }.map(\.element)
  }

  /// The priority of each run, as far as it is not 0: its own, or that of one that starts from it.
  package var priorities: [RunID: Int] {
    guard runs.contains(where: { $0.priority != 0 }) else { return [:] }
    var known = Dictionary(runs.map { ($0.id, $0.priority) }, uniquingKeysWith: max)
    // A run comes after its sources in the plan, so from the last to the first one pass is enough.
    for run in runs.reversed() {
      for source in run.sources {
        known[source] = max(known[source] ?? .min, known[run.id] ?? 0)
      }
    }
    return known
  }

  private func arranged(
    _ order: RunOrder, cost: (ResolvedRun) -> Double?
  ) throws(RunFilterError) -> [ResolvedRun] {
    switch order {
    case .planned:
      return runs
    case .shuffled(let seed):
      // A function of seed and run, so that what is left of a plan keeps its order.
      return sorted { Double($0.id.drawn(seed: seed)) }
    case .cheapestFirst:
      return sorted { cost($0) ?? .infinity }
    case .interleaved(let field):
      var turns: [String: Int] = [:]
      var places: [String: Int] = [:]
      let known = Set(runs.flatMap(\.spec.fieldNames))
      guard runs.isEmpty || known.contains(field) else {
        throw .unknownField(field, column: 0, known: known.sorted())
      }
      return runs.map { run in
        let value = run.spec.field(field)?.plainText ?? ""
        let place = places[value] ?? places.count
        places[value] = place
        let turn = turns[value, default: 0]
        turns[value] = turn + 1
        return (run: run, turn: turn, place: place)
      }.sorted { ($0.turn, $0.place) < ($1.turn, $1.place) }.map(\.run)
    }
  }

  private func sorted(by key: (ResolvedRun) -> Double) -> [ResolvedRun] {
    runs.enumerated().map { (key: key($0.element), place: $0.offset, run: $0.element) }
      .sorted { ($0.key, $0.place) < ($1.key, $1.place) }.map(\.run)
  }
}

extension RunID {
  /// A number that looks like chance and follows from seed and identity (FNV-1a, then a mix).
  fileprivate func drawn(seed: Int) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325 ^ UInt64(bitPattern: Int64(seed))
    for byte in rawValue.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    hash = (hash ^ (hash >> 33)) &* 0xff51_afd7_ed55_8ccd
    return hash ^ (hash >> 33)
  }
}
