import Backbones
import Experiments
import RunStorage
import Scheduling
import Training

/// Time and memory that runs will take, going by runs like them that have succeeded on this store.
struct PlanForecast {
  /// Seconds of one process; `nil` where no run of the work is like one that is known.
  let seconds: Double?
  /// The most memory a worker will have for itself, in bytes; `nil` likewise.
  let ownBytes: Int?
  /// The weights of the backbones that workers read at the same time, in bytes: they lie in memory
  /// once.
  let sharedBytes: Int

  /// - Parameters:
  ///   - past: runs of the store, of any state.
  ///   - jobs: runs at the same time.
  ///   - weights: the bytes of a backbone's weights.
  init(_ work: [RunSpec], past: [FrozenRun], jobs: Int, weights: (BackboneID) -> Int) {
    var paces: [Likeness: (seconds: Double, steps: Int)] = [:]
    var peaks: [Likeness: Int] = [:]
    for run in past {
      guard run.state == .succeeded, let summary = run.summary else { continue }
      let key = Likeness(run.spec)
      paces[key, default: (0, 0)].seconds += summary.seconds
      paces[key, default: (0, 0)].steps += run.spec.schedule.steps
      peaks[key] = max(peaks[key] ?? 0, summary.peakBytes)
    }
    var seconds = 0.0
    var known = 0
    for spec in work {
      guard let pace = paces[Likeness(spec)], pace.steps > 0 else { continue }
      seconds += pace.seconds / Double(pace.steps) * Double(spec.schedule.steps)
      known += 1
    }
    // Runs that are like none known are taken to last as long as the average of the others.
    self.seconds = known > 0 ? seconds / Double(known) * Double(work.count) : nil
    ownBytes = work.compactMap { peaks[Likeness($0)] }.max()
    sharedBytes = Set(work.map(\.backbone)).map(weights).sorted(by: >).prefix(jobs).reduce(0, +)
  }

  /// What the pace of a run depends on most.
  private struct Likeness: Hashable {
    var backbone: String
    var dataset: String
    var method: String
    var batch: BatchLimit
    var timing: TrainingSchedule.Timing?

    init(_ spec: RunSpec) {
      backbone = "\(spec.backbone)"
      dataset = "\(spec.dataset)"
      method = spec.method.name
      batch = spec.schedule.batchLimit
      timing = spec.schedule.timing
    }
  }
}
