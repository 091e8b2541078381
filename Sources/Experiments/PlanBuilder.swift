public import TuningMethods

/// Reads the body of `plan`: runs and notes one after another, `for`, `if`, `switch`,
/// optionals and arrays.
@resultBuilder public enum PlanBuilder {
  public static func buildExpression(_ plan: Plan) -> Plan { plan }
  public static func buildExpression(_ plans: [Plan]) -> Plan { buildArray(plans) }
  public static func buildExpression(_ plan: Plan?) -> Plan { plan ?? Plan() }
  public static func buildExpression(_ note: Note) -> Plan {
    var plan = Plan()
    plan.notes = [note.markdown]
    return plan
  }

  public static func buildBlock() -> Plan { Plan() }
  public static func buildPartialBlock(first plan: Plan) -> Plan { plan }
  public static func buildPartialBlock(accumulated: Plan, next: Plan) -> Plan {
    Plan(joining: [accumulated, next])
  }
  public static func buildArray(_ plans: [Plan]) -> Plan { Plan(joining: plans) }
  public static func buildOptional(_ plan: Plan?) -> Plan { plan ?? Plan() }
  public static func buildEither(first plan: Plan) -> Plan { plan }
  public static func buildEither(second plan: Plan) -> Plan { plan }
  public static func buildLimitedAvailability(_ plan: Plan) -> Plan { plan }

  @available(
    *, unavailable,
    message: "a plan lists runs; give a data set and a backbone: Run(method, on: …, with: …)"
  )
  public static func buildExpression(_ method: some TuningMethod) -> Plan { Plan() }
}

extension Plan {
  /// The runs that `content` lists: a plan as a value, to be shared or modified as a whole.
  ///
  /// ```swift
  /// Plan { Run(LoRA(rank: 8), on: .rte, with: .nano); Run(DePT(), on: .rte, with: .nano) }
  ///   .seeds(1...5)
  /// ```
  public init(@PlanBuilder _ content: () -> Plan) {
    self = content()
  }
}
