package import Experiments

/// The runs that wait for a worker: those of a higher priority first.
package struct WaitingLine: Hashable {
  private var runs: [RunID] = []
  private var members: Set<RunID>
  private let priorities: [RunID: Int]

  /// - Parameter runs: each once; those of one priority stay in their order.
  package init(_ runs: [RunID], priorities: [RunID: Int] = [:]) {
    self.priorities = priorities
    members = Set(runs)
    self.runs =
      priorities.isEmpty
      ? runs
      : runs.enumerated().sorted { a, b in
        let (first, second) = (priorities[a.element, default: 0], priorities[b.element, default: 0])
        return first == second ? a.offset < b.offset : first > second
      }.map(\.element)
  }

  package var count: Int { runs.count }
  package var isEmpty: Bool { runs.isEmpty }
  package var first: RunID? { runs.first }
  package func contains(_ run: RunID) -> Bool { members.contains(run) }

  /// Those that may come next without overtaking a higher priority, in order; at most `limit`.
  package func equals(limit: Int) -> ArraySlice<RunID> {
    guard let first else { return [] }
    let head = runs.prefix(limit)
    guard !priorities.isEmpty else { return head }
    return head.prefix { priority(of: $0) == priority(of: first) }
  }

  /// Lets a run in before those of its priority.
  package mutating func insert(_ run: RunID) {
    guard members.insert(run).inserted else { return }
    runs.insert(run, at: place { $0 > priority(of: run) })
  }

  /// Lets a run in behind those of its priority.
  package mutating func append(_ run: RunID) {
    guard members.insert(run).inserted else { return }
    runs.insert(run, at: place { $0 >= priority(of: run) })
  }

  package mutating func remove(_ run: RunID) {
    guard members.remove(run) != nil, let place = runs.firstIndex(of: run) else { return }
    runs.remove(at: place)
  }

  private func priority(of run: RunID) -> Int { priorities[run, default: 0] }

  /// How many runs there are whose priorities fit; they come first.
  private func place(_ fits: (Int) -> Bool) -> Int {
    var (low, high) = (0, runs.count)
    while low < high {
      let middle = (low + high) / 2
      if fits(priority(of: runs[middle])) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
