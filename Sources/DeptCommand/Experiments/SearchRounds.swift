import Experiments
import Foundation
import RunStorage
import Scheduling
import Synchronization

/// Carries a plan out: once, or where it searches, first its candidates and then the runs of the
/// winners.
///
/// Each round is a whole schedule, so that whatever is interrupted between or within rounds, the
/// same plan goes on where it was.
struct SearchRounds {
  let plan: ResolvedPlan
  let home: String

  /// What came of it.
  struct Outcome {
    var summary: ScheduleSummary
    /// The plan with the runs of the winners that are known.
    var plan: ResolvedPlan
    /// One line for each run that failed and each search without a winner.
    var failures: [String] = []
    /// The runs that failed now.
    var failed: Set<RunID> = []
    var searches: [SearchListing] = []

    var exitCode: Int32 {
      if summary.exitCode == 0, searches.contains(where: { $0.problem != nil }) { return 1 }
      return summary.exitCode
    }
  }

  /// - Parameter carryOut: carries out one plan; returns its summary, the lines of its failures,
  ///   the runs that failed and how many it started.
  func run(
    _ options: ScheduleOptions,
    _ carryOut: (ResolvedPlan, ScheduleOptions) async throws -> (
      summary: ScheduleSummary, failures: [String], failed: Set<RunID>, started: Int
    )
  ) async throws -> Outcome {
    var options = options
    var expansion = try SearchExpansion(plan, in: Self.store(of: home), options: options)
    var outcome = Outcome(
      summary: ScheduleSummary(experiment: plan.experiment, planned: 0), plan: plan)
    var succeeded = 0
    while true {
      let current = expansion.plan
      let round = try await carryOut(current, options)
      outcome.summary = round.summary
      outcome.plan = current
      // What an earlier round did is not found done by the next.
      outcome.summary.succeeded += succeeded
      outcome.summary.cached -= succeeded
      succeeded = outcome.summary.succeeded
      for line in round.failures where !outcome.failures.contains(line) {
        outcome.failures.append(line)
      }
      outcome.failed.formUnion(round.failed)
      guard !expansion.groups.isEmpty else { return outcome }
      let isEnded = !round.summary.wasStopped && !round.summary.wasKilled
      if isEnded {
        expansion = try SearchExpansion(finished: plan, in: try RunStore(home: home))
      }
      // A run that was repeated is not to be repeated again in the next round, nor one that failed.
      options.force = false
      options.failedNow = outcome.failed
      options.limit = options.limit.map { $0 - round.started }
      let isWhole = Set(expansion.plan.runs.map(\.id)).isSubset(of: current.runs.map(\.id))
      guard isEnded, !isWhole, options.limit ?? 1 > 0 else {
        outcome.searches = expansion.groups.map(SearchListing.init)
        outcome.failures += outcome.searches.compactMap(\.problem)
        return outcome
      }
    }
  }

  /// `nil` where nothing was ever run.
  private static func store(of home: String) throws -> RunStore? {
    do {
      return try RunStore(home: home)
    } catch StoreError.missing {
      return nil
    }
  }
}
