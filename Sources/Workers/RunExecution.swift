import Backbones
import Checkpoints
import Datasets
public import Experiments
import Foundation
import NeuralNetworks
import Synchronization
import TensorEngine
import Tokenization
import Training
public import TuningMethods

/// Carries out runs with `Training`: the one place where a description becomes arithmetic.
///
/// A class because it keeps the last backbone and data sets between the runs of a worker, which
/// usually share them.
public final class RunExecution: Sendable {
  private struct Kept {
    var backbone: (place: BackbonePlace, loaded: LoadedBackbone)?
    var datasets: [Wording: PreparedDataset] = [:]
  }

  /// What decides a prepared data set.
  private struct Wording: Hashable {
    let id: DatasetID
    let preparation: Preparation
  }

  /// What decides a loaded backbone.
  private struct BackbonePlace: Equatable {
    let id: BackboneID
    let directory: String
    let storage: DType
  }

  private let kept = Mutex(Kept())

  public init() {}

  /// Carries out one order to its end, or to the step that it pauses at, from its checkpoint where
  /// there is one.
  ///
  /// Before anything is written that a newer attempt may have written, it is checked that there is
  /// none (`RunLease`).
  ///
  /// - Parameters:
  ///   - method: the method of the order's description, of the catalogue or of the script.
  ///   - record: makes an event survive the death of this process before it returns.
  ///   - synchronize: makes what was recorded survive a loss of power too; called before a
  ///     checkpoint is written, so that none is ever ahead of what is known of its run.
  ///   - shouldStop: asked after every step.
  /// - Returns: the last event, not recorded yet.
  /// - Throws: `RunFailure`, `LeaseLoss`, and what `record` throws.
  public func carryOut(
    _ order: WorkOrder, method: any TuningMethod, record: (RunEvent) throws -> Void,
    synchronize: () -> Void, shouldStop: () -> Bool
  ) throws -> RunEvent {
    Engine.threads =
      order.threads > 0 ? order.threads : ProcessInfo.processInfo.activeProcessorCount
    let trainer = try failing { try self.trainer(order, method) }
    let checkpoint = order.checkpointPath
    let state = try failing { try Self.start(trainer, checkpoint, order) }
    let model = TunedModel(
      backbone: trainer.backbone, adaptation: try failing { try trainer.adaptation() },
      parameters: state.parameters)
    try record(
      .started(
        RunStart(
          trainable: model.adaptation.scalarCount, total: model.totalScalarCount,
          resumedFrom: state.step,
          steps: order.spec.schedule.epochs == nil ? nil : trainer.schedule.steps)))
    let cut = state.step == 0 ? trainer.cutSourceCount : 0
    if cut > 0 {
      try record(.metric(MetricPoint(step: 0, name: "train/cut-sources", value: Double(cut))))
    }
    let reached = try work(trainer, from: state, checkpoint, order, record, synchronize, shouldStop)
    guard trainer.isDone(reached) else {
      return reached.step >= order.pauseAt ?? .max
        ? .paused(step: reached.step) : .stopped(step: reached.step)
    }
    return .succeeded(try failing { try Self.finish(trainer, reached, order) })
  }

  private func trainer(_ order: WorkOrder, _ method: any TuningMethod) throws -> Trainer {
    let spec = order.spec
    // Those that this run does not read would only take memory.
    kept.withLock { kept in
      kept.datasets = kept.datasets.filter {
        spec.datasets.contains($0.key.id) && spec.preparation == $0.key.preparation
      }
    }
    guard !spec.datasets.isEmpty else { throw TrainingError.noExamples }
    let backbone = try backbone(
      spec.backbone, in: order.backboneDirectory, spec.schedule.precision)
    var trainer = Trainer(
      backbone: backbone, method: method, schedule: spec.schedule, seed: spec.seed,
      tasks: try spec.datasets.indices.map { try task($0, of: order, backbone) })
    trainer.partRows = order.partRows
    return try trainer.settled()
  }

  private func task(
    _ place: Int, of order: WorkOrder, _ backbone: LoadedBackbone
  ) throws -> TrainingTask {
    let spec = order.spec
    let id = spec.datasets[place]
    let dataset = try DatasetCatalogue.standard.dataset(id)
    let prepared = try prepared(id, dataset, spec.preparation, order.dataDirectory)
    var task = TrainingTask(id.rawValue, prepared, of: dataset, wording: spec.preparation)
    if let sample = spec.schedule.sample(seed: spec.seed) {
      task.examples[.train] = sample.draw(from: prepared[.train], of: dataset)
    } else if let tokens = order.tokens, tokens.keys.indices.contains(place) {
      task.tokens = TokenCache(directory: URL(filePath: tokens.directory)).tokens(
        of: prepared[.train], .train, key: tokens.keys[place], text: backbone.text,
        threads: Engine.threads)
    }
    if spec.schedule.timing != nil {
      // Judging is not what is timed, and its memory would be taken for that of the steps.
      task.examples[.validation] = []
      task.examples[.test] = []
    }
    return task
  }

  private func backbone(
    _ id: BackboneID, in directory: String, _ precision: TrainingSchedule.Precision
  ) throws -> LoadedBackbone {
    let place = BackbonePlace(id: id, directory: directory, storage: precision.storage)
    if let known = kept.withLock({ $0.backbone }), known.place == place { return known.loaded }
    if !precision.isAvailable { print(TrainingSchedule.Precision.unavailable) }
    // The one before goes first: two need not fit.
    kept.withLock { $0.backbone = nil }
    let loaded = try LoadedBackbone(id, directory: directory, storing: place.storage)
    kept.withLock { $0.backbone = (place, loaded) }
    return loaded
  }

  private func prepared(
    _ id: DatasetID, _ dataset: any Dataset, _ preparation: Preparation, _ directory: String
  ) throws -> PreparedDataset {
    let wording = Wording(id: id, preparation: preparation)
    if let known = kept.withLock({ $0.datasets[wording] }) { return known }
    let prepared = try dataset.load(from: URL(filePath: directory), as: preparation)
    kept.withLock { $0.datasets[wording] = prepared }
    return prepared
  }

  private static func start(_ trainer: Trainer, _ checkpoint: String, _ order: WorkOrder) throws
    -> TrainingState
  {
    // What was timed in another process, at another hour, is no part of this measurement.
    let goesOn = order.spec.schedule.timing == nil
    guard goesOn, FileManager.default.fileExists(atPath: checkpoint) else {
      return try trainer.initialState(from: order.sourceAdapters)
    }
    do {
      let state = try TrainingState(contentsOf: checkpoint, identity: order.id.rawValue)
      if try trainer.fits(state) { return state }
    } catch is CheckpointError {
      // Damaged beyond use, by a full disk say: begin again rather than fail for ever.
    } catch TrainingError.malformedCheckpoint {
    }
    return try trainer.initialState(from: order.sourceAdapters)
  }

  private func work(
    _ trainer: Trainer, from state: TrainingState, _ checkpoint: String, _ order: WorkOrder,
    _ record: (RunEvent) throws -> Void, _ synchronize: () -> Void, _ shouldStop: () -> Bool
  ) throws -> TrainingState {
    try withoutActuallyEscaping(record) { record in
      try withoutActuallyEscaping(shouldStop) { shouldStop in
        try withoutActuallyEscaping(synchronize) { synchronize in
          let hooks = Trainer.Hooks(
            metric: { step, name, value in
              guard value.isFinite else { return }
              try record(.metric(MetricPoint(step: step, name: name, value: value)))
            },
            checkpoint: { state in
              try RunLease.check(order)
              synchronize()
              try self.failing { try state.write(to: checkpoint, identity: order.id.rawValue) }
              try record(.checkpoint(step: state.step))
            },
            shouldStop: shouldStop)
          return try failing {
            order.spec.schedule.timing == .inference
              ? try trainer.answer(from: state, hooks)
              : try trainer.train(from: state, pausingAt: order.pauseAt, hooks)
          }
        }
      }
    }
  }

  /// Tests the best state and writes the adapter. The checkpoint stays until the journal tells
  /// that the run has succeeded: a process that dies before has it to go on from.
  private static func finish(_ trainer: Trainer, _ state: TrainingState, _ order: WorkOrder)
    throws -> RunSummary
  {
    let clock = ContinuousClock()
    var scores: [Split: [String: Double]] = [:]
    let testing = try clock.measure {
      if let best = state.best { scores[.validation] = best.scores }
      if trainer.hasExamples(.test) {
        let answers = try trainer.predictions(of: state, on: .test)
        scores[.test] = trainer.scores(of: answers)
        try RunLease.check(order)
        try PredictionFile(trainer, answers).write(to: order.predictionsPath)
      }
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    try RunLease.check(order)
    try (state.best?.parameters ?? state.parameters).adapterFile(
      method: order.spec.method.name,
      hyperparameters: String(
        decoding: try encoder.encode(order.spec.method.hyperparameters), as: UTF8.self),
      backbone: order.spec.backbone.rawValue, tasks: trainer.taskNames,
      reading: trainer.reading
    ).write(to: "\(order.directory)/adapter.safetensors")
    let (whole, atto) = testing.components
    return RunSummary(
      scores: scores, bestStep: state.best?.step ?? state.step, lastStep: state.step,
      seconds: state.seconds + Double(whole) + Double(atto) * 1e-18,
      trainingSeconds: state.trainingSeconds, peakBytes: 0, partRows: order.partRows)
  }

  /// Runs `body`; what it throws becomes a failure of the run, with its kind.
  private func failing<Value>(_ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let error as TrainingError {
      if case .diverged(let step, _, _, _) = error {
        throw RunFailure(.diverged, error.description, step: step)
      }
      throw RunFailure(.invalid, error.description)
    } catch let error as CheckpointError {
      throw RunFailure(.file, error.description)
    } catch let error as DatasetError {
      throw RunFailure(.invalid, error.description)
    } catch let error as BackboneError {
      throw RunFailure(.invalid, error.description)
    } catch let error as TokenizerError {
      throw RunFailure(.invalid, error.description)
    }
  }
}
