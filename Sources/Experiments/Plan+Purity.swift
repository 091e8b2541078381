extension Plan {
  /// Where this plan says something else than `first`, which the same file described just before;
  /// `nil` where nowhere.
  ///
  /// A plan that depends on the clock, on random numbers or on what the file itself remembers would
  /// be another one each time, and its runs never be found again.
  public func impurity(comparedTo first: Plan) -> PlanIssue? {
    for (before, now) in Swift.zip(first.entries, entries) where !before.isSame(as: now) {
      let other = now.spec.name == before.spec.name ? "another run" : now.spec.name
      return Self.impurity("\(before.spec.name) became \(other)", at: before.location)
    }
    guard first.entries.count == entries.count else {
      let longer = first.entries.count > entries.count ? first : self
      return Self.impurity(
        "\(first.entries.count) runs became \(entries.count)",
        at: longer.entries[min(first.entries.count, entries.count)].location)
    }
    guard first.order == order, first.notes == notes else {
      return Self.impurity("its order or its notes changed", at: nil)
    }
    return nil
  }

  private static func impurity(_ change: String, at location: SourceLocation?) -> PlanIssue {
    PlanIssue(
      "evaluated twice, the plan is not the same: \(change); take random values from Samples or a "
        + "seeded generator, and nothing from the clock or the surroundings", at: location)
  }
}

extension Plan.Entry {
  /// Whether both describe the same run. A number that is none equals none, and is an issue anyway.
  fileprivate func isSame(as other: Plan.Entry) -> Bool {
    guard
      priority == other.priority, search == other.search, bracket == other.bracket,
      location == other.location, mistakes == other.mistakes
    else { return false }
    if spec == other.spec { return true }
    return (try? spec.canonicalDescription()) == (try? other.spec.canonicalDescription())
  }
}
