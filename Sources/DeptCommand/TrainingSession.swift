import Checkpoints
import Datasets
import Experiments
import Foundation
import NeuralNetworks
import TensorEngine
import Training
import TuningMethods

/// One training in an output folder: metrics, checkpoint, adapter and record.
///
/// A class because it owns the open metrics file.
final class TrainingSession {
  /// What `run.json` says.
  struct Record: Codable {
    let backbone, method: String
    /// By their Swift names; of a stack, its methods with theirs.
    let hyperparameters: [String: JSONValue]
    /// The data sets or files that were trained on.
    let train: [String]
    /// The tasks of a multi-task run, and the adapters that were started from, where there are any.
    let tasks, sources: [String]?
    /// How the examples were worded, where that is not as the data set has it.
    let preparation: Preparation?
    let schedule: TrainingSchedule
    let seed, trainable, total, bestStep: Int
    let seconds: Double
    let scores: [Split: [String: Double]]
  }

  private struct Line: Codable {
    let step: Int
    let name: String
    let value: Double
  }

  private let trainer: Trainer
  private let train: [String]
  private let folder: TrainingFolder
  private let identity: String
  private var metrics: FileHandle?
  private var sources: [String] = []

  /// - Parameter train: the data sets or files that are trained on, as they were named.
  init(
    _ trainer: Trainer, train: [String], folder: TrainingFolder, identity: String
  ) throws {
    self.trainer = trainer
    self.train = train
    self.folder = folder
    self.identity = identity
  }

  /// The state to begin with: the checkpoint's, or that of a run that starts from adapters.
  ///
  /// - Parameters:
  ///   - initial: an adapter of the same method, or a folder with one, whose values are taken.
  ///   - sources: adapters of other runs that the method makes something of.
  func start(initial: String?, sources: [String]) throws -> TrainingState {
    self.sources = initial.map { [$0] } ?? sources
    if folder.hasCheckpoint {
      let state = try TrainingState(contentsOf: folder.checkpoint, identity: identity)
      try openMetrics(keepingUpTo: state.step)
      return state
    }
    try openMetrics(keepingUpTo: 0)
    if let initial { return try trainer.initialState(valuesOf: initial) }
    return try trainer.initialState(from: sources)
  }

  func train(
    from state: TrainingState, shouldStop: @escaping () -> Bool,
    report: @escaping (Int, String, Double) -> Void
  ) throws -> TrainingState {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let hooks = Trainer.Hooks(
      metric: { [metrics] step, name, value in
        report(step, name, value)
        // JSON has no NaN: a run that diverges says so in its error.
        guard value.isFinite else { return }
        let line = try encoder.encode(Line(step: step, name: name, value: value))
        try metrics?.write(contentsOf: line + Data("\n".utf8))
      },
      checkpoint: { [folder, identity] in
        try $0.write(to: folder.checkpoint, identity: identity)
      },
      shouldStop: shouldStop)
    return try trainer.train(from: state, hooks)
  }

  /// Evaluates the best state, writes adapter and record, and removes the checkpoint.
  func finish(_ state: TrainingState, backbone: String) throws -> Record {
    var scores: [Split: [String: Double]] = [:]
    if let best = state.best { scores[.validation] = best.scores }
    if trainer.hasExamples(.test) {
      let answers = try trainer.predictions(of: state, on: .test)
      scores[.test] = trainer.scores(of: answers)
      try PredictionFile(trainer, answers).write(to: folder.predictions)
    }
    let parameters = state.best?.parameters ?? state.parameters
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    let method = type(of: trainer.method).name
    let hyperparameters = String(decoding: try encoder.encode(trainer.method), as: UTF8.self)
    try parameters.adapterFile(
      method: method, hyperparameters: hyperparameters, backbone: backbone,
      tasks: trainer.taskNames, reading: trainer.reading
    ).write(to: folder.adapter)
    let model = TunedModel(
      backbone: trainer.backbone, adaptation: try trainer.adaptation(), parameters: parameters)
    let record = Record(
      backbone: backbone, method: method,
      hyperparameters: try JSONDecoder().decode(
        [String: JSONValue].self, from: Data(hyperparameters.utf8)),
      train: train,
      tasks: trainer.taskNames.isEmpty ? nil : trainer.taskNames,
      sources: sources.isEmpty ? nil : sources,
      preparation: trainer.tasks[0].preparation == .standard ? nil : trainer.tasks[0].preparation,
      schedule: trainer.schedule, seed: trainer.seed,
      trainable: model.adaptation.scalarCount, total: model.totalScalarCount,
      bestStep: state.best?.step ?? state.step, seconds: state.seconds, scores: scores)
    try (encoder.encode(record) + Data("\n".utf8)).write(
      to: URL(filePath: folder.record), options: .atomic)
    try? FileManager.default.removeItem(atPath: folder.checkpoint)
    return record
  }

  /// Opens the metrics file; points after the checkpoint are dropped, they will come again.
  private func openMetrics(keepingUpTo step: Int) throws {
    let old = FileManager.default.contents(atPath: folder.metrics) ?? Data()
    let kept = old.split(separator: UInt8(ascii: "\n")).filter { line in
      guard step > 0 else { return false }
      return (try? JSONDecoder().decode(Line.self, from: line)).map { $0.step <= step } ?? false
    }
    let data = Data(kept.map { Data($0) + Data("\n".utf8) }.joined())
    do {
      try data.write(to: URL(filePath: folder.metrics), options: .atomic)
      let handle = try FileHandle(forWritingTo: URL(filePath: folder.metrics))
      try handle.seekToEnd()
      metrics = handle
    } catch {
      throw Failure(
        .invalid, "\(folder.metrics) cannot be written: \(error.localizedDescription)")
    }
  }
}
