extension Plan {
  /// The runs, notes and issues of several plans, one after another.
  ///
  /// Plans that ask for different orders cannot be one: that is an issue.
  init(joining plans: [Plan]) {
    self.init(plans.flatMap(\.entries))
    notes = plans.flatMap(\.notes)
    issues = plans.flatMap(\.issues)
    for plan in plans where plan.order != .planned {
      if order != .planned, order != plan.order {
        issues.append(
          PlanIssue(
            "the plan is ordered in two ways, \(order) and \(plan.order); order it as a whole",
            at: plan.entries.first?.location))
      }
      order = plan.order
    }
  }

  /// The runs of this plan, then those of `other` that it does not have.
  ///
  /// A run that is in both is planned once; a run that one of them lists twice stays a mistake.
  public func union(_ other: Plan) -> Plan {
    let own = Set(entries.compactMap { try? $0.spec.canonicalDescription() })
    let new = other.entries.filter { entry in
      (try? entry.spec.canonicalDescription()).map { !own.contains($0) } ?? true
    }
    return Plan(joining: [self, other.with(new)])
  }

  /// The union of several plans: each run once.
  public static func union(_ plans: Plan...) -> Plan {
    plans.dropFirst().reduce(plans.first ?? Plan()) { $0.union($1) }
  }

  /// The union of two plans: a run that is in both is planned once.
  public static func + (a: Plan, b: Plan) -> Plan { a.union(b) }
}

extension RunOrder: CustomStringConvertible {
  public var description: String {
    switch self {
    case .planned: "as planned"
    case .shuffled(let seed): "shuffled with seed \(seed)"
    case .interleaved(let field): "interleaved by \(field)"
    case .cheapestFirst: "the cheapest first"
    }
  }
}
