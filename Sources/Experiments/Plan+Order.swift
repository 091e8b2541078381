extension Plan {
  /// Runs of a higher priority are started first; 0 unless said otherwise, and no part of what a
  /// run is.
  public func priority(_ priority: Int) -> Plan {
    map { $0.priority = priority }
  }

  /// The order in which the runs of the whole plan are started.
  ///
  /// ```swift
  /// Plan { … }.ordered(.interleaved(by: "dataset"))
  /// ```
  public func ordered(
    _ order: RunOrder, file: String = #filePath, line: Int = #line
  ) -> Plan {
    var plan = self
    plan.order = order
    if case .interleaved(let field) = order, !entries.isEmpty,
      !entries.contains(where: { $0.spec.field(field) != nil })
    {
      let known = Set(entries.flatMap { $0.spec.fieldNames })
      plan.issues.append(
        PlanIssue(
          "no run has a field '\(field)' to interleave by"
            + NearestName.hint(for: field, among: known.sorted()),
          at: SourceLocation(file: file, line: line)))
    }
    return plan
  }
}
