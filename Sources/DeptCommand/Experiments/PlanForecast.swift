import Backbones
import Datasets
import Experiments
import Scheduling

/// Time, memory and disk that the runs of a plan will take, in all and by group.
struct PlanForecast {
  /// The runs of a method on a data set with a backbone.
  struct Group: Encodable {
    var backbone: String
    var method: String
    var dataset: String
    /// How many the plan has, and how many of them are carried out.
    var runs = 0
    var new = 0
    /// Of those to carry out: how many are like none that was measured here.
    var unmeasured = 0
    /// Of all that are to be carried out and can be predicted.
    var seconds: Double?
    var secondsPerRun: Double?
    var ownBytes: Int?
    var diskBytes: Int?
    /// The poorest of what the predictions go by.
    var basis: CostHistory.Basis?
  }

  /// In the order of the plan.
  private(set) var groups: [Group] = []
  /// What each run to carry out will take, where that is known.
  private(set) var costs: [RunID: CostHistory.Cost] = [:]
  /// How many runs to carry out are like none that was measured here.
  private(set) var unmeasured = 0
  /// Seconds of one process; `nil` where no run of the work is like one that is known. Those that
  /// are like none count as the average of the others.
  private(set) var seconds: Double?
  /// The most memory a worker will have for itself, in bytes; `nil` likewise.
  private(set) var ownBytes: Int?
  /// What the folders of the runs will take; `nil` likewise.
  private(set) var diskBytes: Int?
  /// The weights of the backbones that workers read at the same time, in bytes: they lie in memory
  /// once.
  private(set) var sharedBytes = 0

  /// - Parameters:
  ///   - expected: runs like those that winners of searches will be carried out in.
  ///   - jobs: runs at the same time.
  ///   - weights: the bytes of a backbone's weights.
  init(
    _ decisions: [(run: ResolvedRun, decision: Reconciliation.Decision)],
    expected: [RunSpec] = [], history: CostHistory, jobs: Int,
    weights: (BackboneID) -> Int
  ) {
    var pieces = SpecPieces()
    var known: [SpecPieces.Row: CostHistory.Cost?] = [:]
    var places: [SpecPieces.Row: Int] = [:]
    var backbones: Set<BackboneID> = []
    var disks: [Int] = []
    func count(_ spec: RunSpec, isCarriedOut: Bool) -> CostHistory.Cost? {
      let row = pieces.row(of: spec).trunk
      let place = places[row] ?? place(of: spec)
      places[row] = place
      groups[place].runs += 1
      guard isCarriedOut else { return nil }
      groups[place].new += 1
      backbones.insert(spec.backbone)
      let cost = known[row] ?? history.cost(of: spec)
      known[row] = .some(cost)
      guard let cost else {
        groups[place].unmeasured += 1
        return nil
      }
      groups[place].add(cost)
      cost.diskBytes.map { disks.append($0) }
      return cost
    }
    for (run, decision) in decisions {
      costs[run.id] = count(run.spec, isCarriedOut: decision.isCarriedOut)
    }
    for spec in expected { _ = count(spec, isCarriedOut: true) }
    let work = groups.reduce(0) { $0 + $1.new }
    unmeasured = groups.reduce(0) { $0 + $1.unmeasured }
    let predicted = groups.compactMap(\.seconds).reduce(0, +)
    if work > unmeasured {
      seconds = predicted / Double(work - unmeasured) * Double(work)
    }
    ownBytes = groups.compactMap(\.ownBytes).max()
    if !disks.isEmpty {
      diskBytes = Int(Double(disks.reduce(0, +)) / Double(disks.count) * Double(work))
    }
    sharedBytes = backbones.map(weights).sorted(by: >).prefix(jobs).reduce(0, +)
  }

  private mutating func place(of spec: RunSpec) -> Int {
    let group = Group(
      backbone: spec.backbone.rawValue, method: spec.method.name, dataset: spec.dataset.rawValue)
    if let place = groups.firstIndex(where: { $0.isSame(as: group) }) { return place }
    groups.append(group)
    return groups.count - 1
  }

  /// What each of some runs will take, where that is known.
  static func costs(of runs: [ResolvedRun], _ history: CostHistory) -> [RunID: CostHistory.Cost] {
    guard history.count > 0 else { return [:] }
    var pieces = SpecPieces()
    var known: [SpecPieces.Row: CostHistory.Cost?] = [:]
    var costs: [RunID: CostHistory.Cost] = [:]
    for run in runs {
      let row = pieces.row(of: run.spec).trunk
      let cost = known[row] ?? history.cost(of: run.spec)
      known[row] = .some(cost)
      costs[run.id] = cost
    }
    return costs
  }
}

extension PlanForecast.Group {
  fileprivate func isSame(as other: Self) -> Bool {
    backbone == other.backbone && method == other.method && dataset == other.dataset
  }

  fileprivate mutating func add(_ cost: CostHistory.Cost) {
    seconds = (seconds ?? 0) + cost.seconds
    secondsPerRun = (seconds ?? 0) / Double(new - unmeasured)
    ownBytes = max(ownBytes ?? 0, cost.ownBytes)
    if let bytes = cost.diskBytes { diskBytes = (diskBytes ?? 0) + bytes }
    basis = max(basis ?? .same, cost.basis)
  }
}
