import Backbones
import Datasets
import Experiments
import RunStorage
import Training

/// What runs took on this machine, and what others will take that are like them.
struct CostHistory {
  /// How near the measured runs are that a prediction goes by.
  enum Basis: String, Hashable, Encodable, Comparable {
    /// They differ in seed, rates and the number of steps only.
    case same
    /// The same method, with other hyperparameters or lengths, on the same data.
    case similar
    /// The same method on other data, by the tokens it reads.
    case rough

    static func < (a: Basis, b: Basis) -> Bool { a.distance < b.distance }
    private var distance: Int {
      switch self {
      case .same: 0
      case .similar: 1
      case .rough: 2
      }
    }
  }

  /// What a run will take.
  struct Cost: Hashable {
    var seconds: Double
    /// The most memory that it has for itself.
    var ownBytes: Int
    /// Its folder, once it is done.
    var diskBytes: Int?
    var basis: Basis
  }

  private var measured: [Likeness: Measured] = [:]
  private let disk: (RunID) -> Int?
  /// How many runs have counted.
  private(set) var count = 0
  /// How many have not, because they ran on another machine or with other threads.
  private(set) var elsewhere = 0

  /// - Parameters:
  ///   - runs: the newest first.
  ///   - machine: the one to predict for, as provenance has it.
  ///   - disk: the bytes of a run's folder.
  init(_ runs: [MeasuredRun], machine: String, disk: @escaping (RunID) -> Int?) {
    self.disk = disk
    for run in runs {
      guard run.machine == machine else {
        elsewhere += 1
        continue
      }
      count += 1
      for basis in [Basis.same, .similar, .rough] {
        measured[Likeness(run.spec, basis), default: Measured()].add(run)
      }
    }
  }

  /// What a run will take; `nil` where none like it was measured.
  func cost(of spec: RunSpec) -> Cost? {
    for basis in [Basis.same, .similar, .rough] {
      if let known = measured[Likeness(spec, basis)] {
        return known.cost(of: spec, basis, disk)
      }
    }
    return nil
  }

  /// What the time of a run depends on, more or less of it.
  private struct Likeness: Hashable {
    var basis: Basis
    var backbone: BackboneID
    var method: String
    var precision: TrainingSchedule.Precision
    var timing: TrainingSchedule.Timing?
    var datasets: [DatasetID]?
    var whole: RunSpec?

    init(_ spec: RunSpec, _ basis: Basis) {
      self.basis = basis
      backbone = spec.backbone
      method = spec.method.name
      precision = spec.schedule.precision
      timing = spec.schedule.timing
      if basis != .rough { datasets = spec.datasets }
      guard basis == .same else { return }
      // Rates, seeds and lengths of training change no step.
      var whole = spec
      whole.seed = 0
      whole.sources = []
      var schedule = TrainingSchedule()
      schedule.batchSize = spec.schedule.batchTokens == nil ? spec.schedule.batchSize : 0
      schedule.batchTokens = spec.schedule.batchTokens
      schedule.accumulation = spec.schedule.accumulation
      schedule.sourceLength = spec.schedule.sourceLength
      schedule.targetLength = spec.schedule.targetLength
      schedule.validationLimit = spec.schedule.validationLimit
      schedule.decoding = spec.schedule.decoding
      schedule.truncation = spec.schedule.truncation
      // How many examples there are decides how many steps an epoch has.
      if spec.schedule.epochs != nil { schedule.fewShot = spec.schedule.fewShot }
      whole.schedule = schedule
      self.whole = whole
    }
  }

  /// Sums over runs that are alike.
  private struct Measured {
    var steps = 0.0
    /// Of runs whose length is said in epochs: these, and the steps that they came to.
    var epochs = 0.0
    var epochSteps = 0.0
    var tokens = 0.0
    var trainingSeconds = 0.0
    var otherSeconds = 0.0
    var judgements = 0.0
    var peakBytes = 0
    var newest: [RunID] = []

    mutating func add(_ run: MeasuredRun) {
      var schedule = run.spec.schedule
      // Epochs, seconds or patience may have ended it after another number of steps.
      schedule.steps = max(1, run.summary.lastStep ?? schedule.steps)
      if let count = schedule.epochs, schedule.earlyStopping == nil, schedule.seconds == nil {
        epochs += count
        epochSteps += Double(schedule.steps)
      }
      let training = run.summary.trainingSeconds ?? run.summary.seconds
      steps += Double(schedule.steps)
      tokens += schedule.tokens
      trainingSeconds += training
      otherSeconds += run.summary.seconds - training
      judgements += schedule.judgements
      peakBytes = max(peakBytes, run.summary.peakBytes)
      if newest.count < 3 { newest.append(run.id) }
    }

    func cost(of spec: RunSpec, _ basis: Basis, _ disk: (RunID) -> Int?) -> Cost {
      var schedule = spec.schedule
      if let count = schedule.epochs, epochs > 0 {
        schedule.steps = max(1, Int(epochSteps / epochs * count))
      }
      let training =
        basis == .same
        ? trainingSeconds / max(1, steps) * Double(schedule.steps)
        : trainingSeconds / max(1, tokens) * schedule.tokens
      let other = otherSeconds / max(1, judgements) * schedule.judgements
      let folders = newest.compactMap(disk)
      return Cost(
        seconds: min(training, schedule.seconds ?? .infinity) + other, ownBytes: peakBytes,
        diskBytes: folders.isEmpty ? nil : folders.reduce(0, +) / folders.count, basis: basis)
    }
  }
}

extension TrainingSchedule {
  /// Source tokens that training reads at the most.
  fileprivate var tokens: Double {
    Double(steps) * Double(batchTokens ?? batchSize * sourceLength)
  }

  /// How often examples are judged: at each validation, and at the end. A run that is timed never
  /// is, but loads and closes as well.
  fileprivate var judgements: Double {
    timing != nil ? 1 : Double((steps + evaluationInterval - 1) / max(1, evaluationInterval) + 1)
  }
}
