/// How a part of a report stands with the runs that it is about.
public enum CellState: String, CaseIterable, Hashable, Sendable, Codable {
  /// It says what there is to say: all runs of the newest plan are in it.
  case fresh
  /// It shows the runs of an older plan.
  case stale
  /// Some of its runs are still to come.
  case running
  /// It could not be computed, or some of its runs failed.
  case failed
}
