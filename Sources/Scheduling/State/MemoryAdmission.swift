package import Experiments

/// Which runs fit into memory beside each other, going by what runs like them were seen to have.
///
/// The weights of a backbone lie in memory once, however many workers read them.
package struct MemoryAdmission: Hashable {
  /// What the memory of a run follows from.
  package struct Footprint: Hashable {
    /// Stands for all runs that need about as much: one method, batch, data set and backbone.
    package var kind: String
    package var backbone: String
    /// Bytes of the backbone's weights.
    package var weights: Int

    package init(kind: String, backbone: String, weights: Int) {
      self.kind = kind
      self.backbone = backbone
      self.weights = weights
    }
  }

  /// Bytes for everything that is carried out; `nil`: nothing is weighed.
  package var budget: Int?
  /// Whether a run may overtake others of its priority, to come to a worker that has its backbone.
  package let mayReorder: Bool
  private let footprints: [RunID: Footprint]
  /// The most that a run of a kind was seen to have for itself.
  private var peaks: [String: Int]
  /// The backbone that each worker has loaded.
  private var loaded: [Int: String] = [:]

  package init(
    footprints: [RunID: Footprint] = [:], peaks: [String: Int] = [:], budget: Int? = nil,
    mayReorder: Bool = false
  ) {
    self.footprints = footprints
    self.peaks = peaks
    self.budget = budget
    self.mayReorder = mayReorder
  }

  /// A run was seen to have so much for itself.
  package mutating func saw(_ bytes: Int, of run: RunID) {
    guard let kind = footprints[run]?.kind else { return }
    peaks[kind] = max(peaks[kind, default: 0], bytes)
  }

  mutating func load(_ run: RunID, in worker: Int) {
    loaded[worker] = footprints[run]?.backbone
  }

  mutating func forget(_ worker: Int) { loaded[worker] = nil }

  /// Whether a worker has the backbone of a run.
  func hasBackbone(of run: RunID, in worker: Int) -> Bool {
    guard let loaded = loaded[worker] else { return false }
    return footprints[run]?.backbone == loaded
  }

  /// Bytes that runs will have together at the most.
  ///
  /// What is not known of a kind is taken to be as much as the largest that is.
  package func need(of runs: [RunID]) -> Int {
    let present = runs.compactMap { footprints[$0] }
    let weights = Dictionary(present.map { ($0.backbone, $0.weights) }) { first, _ in first }
    let unknown = peaks.values.max() ?? 0
    return weights.values.reduce(0, +) + present.reduce(0) { $0 + (peaks[$1.kind] ?? unknown) }
  }

  /// Whether a run may be started beside others; one alone always may.
  package func admits(_ run: RunID, beside others: [RunID]) -> Bool {
    guard let budget, !others.isEmpty else { return true }
    return need(of: others + [run]) <= budget
  }
}
