import Documents
import Experiments

/// How a cell stands with the runs that it shows, and why that is not fresh.
struct CellStanding: Hashable, Sendable {
  var state = CellState.fresh
  var reason = ""

  /// - Parameters:
  ///   - runs: what the cell shows.
  ///   - isStale: whether the experiment asks for others by now.
  init(of runs: [FrozenRun], isStale: Bool) {
    let failed = runs.count { $0.state == .failed || $0.state == .cancelled }
    let left = runs.count { [.queued, .running, .lost].contains($0.state) }
    if isStale {
      state = .stale
      reason = "the experiment asks for other runs by now; dept run brings them"
    } else if left > 0 {
      state = .running
      reason = "\(left) of \(counted(runs.count, "run")) to come"
      if failed > 0 { reason += ", \(failed) failed" }
    } else if failed > 0 {
      state = .failed
      reason = "\(failed) of \(counted(runs.count, "run")) failed"
    }
  }

  /// The line to show before the blocks of a cell; none where it is fresh, or where the cell is
  /// nothing but words.
  func line(before blocks: [Block]) -> [Block] {
    guard state != .fresh, blocks.contains(where: \.showsResults) else { return [] }
    return [.state(state, reason: reason)]
  }
}

extension Block {
  /// Whether it says something about runs, as prose and headings do not.
  fileprivate var showsResults: Bool {
    switch self {
    case .note, .heading, .state: false
    case .paragraph, .table, .figure, .definitions, .list, .code, .details: true
    }
  }
}
