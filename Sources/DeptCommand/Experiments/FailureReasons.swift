import Experiments
import RunStorage
import Scheduling

/// Why runs failed before: each reason once, with how many runs have it.
struct FailureReasons: Encodable {
  struct Reason: Encodable {
    var kind: String
    var message: String
    var runs: Int
    /// The first of them.
    var example: String
    var id: RunID
  }

  private(set) var reasons: [Reason] = []

  mutating func add(_ failure: RunFailure, of name: String, _ id: RunID) {
    if let place = reasons.firstIndex(where: { $0.message == failure.message }) {
      reasons[place].runs += 1
    } else {
      reasons.append(
        Reason(
          kind: failure.kind.rawValue, message: failure.message, runs: 1, example: name, id: id))
    }
  }

  /// For people: a line each, at most five.
  var lines: [String] {
    let shown = reasons.prefix(5).map { reason in
      "✗ \(reason.example) (\(reason.id.short))"
        + (reason.runs > 1 ? " and \(reason.runs - 1) more" : "") + ": \(reason.message)"
    }
    return reasons.count > 5 ? shown + ["… \(reasons.count - 5) other reasons"] : shown
  }
}

extension Surroundings {
  /// Why runs of a plan failed before and were left alone, a line each, and what tries them again.
  ///
  /// - Parameters:
  ///   - only: the runs that were asked for; `nil`: all.
  ///   - failed: runs whose failure was told already.
  func earlierFailures(
    of plan: ResolvedPlan, only: RunFilter?, except failed: Set<RunID>
  ) throws -> [String] {
    var reasons = FailureReasons()
    let known = try existingStore()?.failures() ?? [:]
    guard !known.isEmpty else { return [] }
    for run in plan.runs where !failed.contains(run.id) && only?.matches(run.spec.field) ?? true {
      known[run.id].map { reasons.add($0, of: run.spec.name, run.id) }
    }
    guard !reasons.reasons.isEmpty else { return [] }
    return reasons.lines + ["what failed before was left alone; --retry-failed tries it again"]
  }
}
