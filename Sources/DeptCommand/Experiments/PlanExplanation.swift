import Experiments
import Foundation
import RunStorage
import Scheduling

/// Why a run of a plan is or is not in the store, and what `dept run` would do with it.
struct PlanExplanation: Encodable {
  /// The run of the store that is most like the planned one.
  struct Nearest: Encodable {
    var id: RunID
    var name: String
    var state: RunState
    var differences: [RunDifference]
  }

  let run: RunID
  let name: String
  /// What the store has of it; `nil`: it was never started.
  let state: RunState?
  /// What becomes of it, as `dept plan --json` calls it.
  let decision: String
  /// The same in a sentence.
  let reason: String
  /// `nil` where the store has the run, or nothing like it.
  let nearest: Nearest?

  /// So many runs of the store are compared, the newest.
  private static let mostCompared = 5_000

  /// - Parameters:
  ///   - text: an identity, some of its first digits, a tag, or a condition that one run fits.
  ///   - store: `nil` where nothing was ever run.
  /// - Throws: `Failure` where it means no run of the plan, or several.
  init(_ text: String, of plan: ResolvedPlan, _ options: ScheduleOptions, _ store: RunStore?) throws
  {
    // The runs of winners, as far as they are known, belong to the plan.
    let plan = try SearchExpansion(plan, in: store, options: options).plan
    let run = try Self.find(text, in: plan, store)
    let reconciliation = try Reconciliation(
      plan, records: store?.records() ?? [:], options: options)
    let decision = reconciliation.decisions.first { $0.run.id == run.id }?.decision ?? .leftOut
    // One that was only listed so far is as good as unknown.
    let known = try store?.runs([run.id]).first { $0.attempts > 0 }
    self.run = run.id
    name = run.spec.name
    state = known?.state
    self.decision = decision.rawValue
    reason = Self.sentence(decision, known)
    nearest =
      known != nil
      ? nil : try store.flatMap { try Self.nearest(to: run, in: $0) }
  }

  private static func find(
    _ text: String, in plan: ResolvedPlan, _ store: RunStore?
  ) throws -> ResolvedRun {
    let digits = text.lowercased()
    var found: [ResolvedRun] = []
    if digits.count >= 4, digits.allSatisfy(\.isHexDigit) {
      found = plan.runs.filter { $0.id.rawValue.hasPrefix(digits) }
    }
    if found.isEmpty, let id = try? store?.identity(text) {
      found = plan.runs.filter { $0.id == id }
      if found.isEmpty {
        let known = try store?.runs([id]).first
        throw Failure(
          .missingInput,
          "\(known?.spec.name ?? text) (\(id.short)) is in the store, but not in this plan; "
            + nearestPlanned(to: known, in: plan))
      }
    }
    if found.isEmpty {
      let filter: RunFilter
      do {
        filter = try RunFilter(text)
      } catch {
        throw Failure(
          .missingInput,
          "the plan has no run '\(text)'; give some first digits of one, a tag, or a condition "
            + "such as \"method = lora and seed = 1\"")
      }
      let specs = Set(try filter.matching(plan.runs.map(\.spec)))
      found = plan.runs.filter { specs.contains($0.spec) }
    }
    guard let run = found.first else {
      throw Failure(.missingInput, "no run of the plan fits '\(text)'")
    }
    guard found.count == 1 else {
      let names = found.prefix(3).map { "\($0.id.short) (\($0.spec.name))" }
      throw Failure(
        .usage,
        "'\(text)' fits \(found.count) runs of the plan: \(names.joined(separator: ", "))"
          + (found.count > 3 ? ", …" : "") + "; say more")
    }
    return run
  }

  private static func nearestPlanned(to run: FrozenRun?, in plan: ResolvedPlan) -> String {
    guard let run,
      let (near, differences) = plan.runs.lazy.map({ ($0, RunDifference.all(of: $0, from: run)) })
        .min(by: { $0.1.count < $1.1.count })
    else { return "the plan has no run" }
    let words = differences.map(\.text).joined(separator: "; ")
    return "the nearest there is \(near.spec.name) (\(near.id.short)): \(words)"
  }

  private static func nearest(to run: ResolvedRun, in store: RunStore) throws -> Nearest? {
    let others = try store.runs().suffix(mostCompared).reversed().filter { $0.attempts > 0 }
    let near = others.map { ($0, RunDifference.all(of: run, from: $0)) }
      // Of those that are equally near, one that has succeeded says most.
      .min { a, b in
        let first = (a.1.count, a.0.state == .succeeded ? 0 : 1)
        let second = (b.1.count, b.0.state == .succeeded ? 0 : 1)
        return first < second
      }
    return near.map { other, differences in
      Nearest(
        id: other.id, name: other.spec.name, state: other.state, differences: differences)
    }
  }

  private static func sentence(_ decision: Reconciliation.Decision, _ run: FrozenRun?) -> String {
    switch decision {
    case .cached: "it has succeeded: dept run leaves it as it is"
    case .run:
      switch run?.state {
      case nil: "it was never started: dept run would carry it out"
      case .failed:
        "it failed for a reason that may have gone (\(run?.failure?.message ?? "unknown")): "
          + "dept run would go on with it"
      default: "it is \(run?.state.rawValue ?? "new"): dept run would carry it out"
      }
    case .retry: "it failed, and dept run would carry it out again from the beginning"
    case .repeat: "dept run would repeat it from the beginning"
    case .failedBefore:
      "it failed (\(run?.failure?.message ?? "no reason is known")) and would again: dept run "
        + "leaves it alone; --retry-failed tries it again"
    case .leftOut: "dept run would leave it out, because of --only or --limit"
    case .blocked:
      "it starts from a run that failed: dept run leaves both alone without --retry-failed"
    case .pruned: "it was given up because others of its group were better"
    }
  }

  /// For people.
  var text: String {
    var lines = ["\(name) (\(run.short)): \(reason)"]
    if let nearest {
      lines.append(
        "the nearest run of the store is \(nearest.name) (\(nearest.id.short)), "
          + "\(nearest.state.rawValue):")
      lines += nearest.differences.map { "  \($0.text)" }
    } else if state == nil {
      lines.append("the store has nothing like it")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
