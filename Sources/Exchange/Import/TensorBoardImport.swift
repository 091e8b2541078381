import Experiments
import Foundation
public import RunStorage

/// Reads runs from TensorBoard's event files: scalars and hyperparameters, file after file.
public struct TensorBoardImport {
  private let folders: [EventFolder]
  private let experiment: String

  /// Looks for event files below a folder; nothing is read yet.
  ///
  /// - Parameter experiment: what the runs belong to here; `nil`: the folder's name.
  /// - Throws: `ExchangeError` where there are none.
  public init(_ path: String, experiment: String? = nil) throws(ExchangeError) {
    folders = try EventFolder.all(in: path)
    self.experiment = experiment ?? URL(filePath: path).standardizedFileURL.lastPathComponent
    if folders.isEmpty {
      throw .foreign(
        path: path, wanted: "folder of TensorBoard's",
        remedy: "no file in it or below it has 'tfevents' in its name; give what --logdir names")
    }
  }

  /// Takes over every run.
  ///
  /// A file that ends within a record is read as far as it is whole, and a remark says so.
  ///
  /// - Parameter progress: is told how many runs are done, of how many.
  /// - Throws: `ExchangeError` where a file is damaged elsewhere, `StoreError`.
  public func importRuns(
    into writer: StoreWriter, progress: (Int, Int) -> Void = { _, _ in }
  ) throws -> ImportSummary {
    var summary = ImportSummary()
    for (index, folder) in folders.enumerated() {
      try take(folder, into: writer, &summary)
      progress(index + 1, folders.count)
    }
    return summary
  }

  private func take(
    _ folder: EventFolder, into writer: StoreWriter, _ summary: inout ImportSummary
  ) throws {
    guard let begin = try Self.beginning(of: folder) else {
      if Self.isOnlyTable(folder) { return }
      summary.remarks.append(
        "\(folder.files.first ?? folder.name) holds no scalars and was left out")
      return
    }
    let name = folder.name.isEmpty ? experiment : folder.name
    let origin = RunOrigin(
      id: RunID(digestOf: "tensorboard \(experiment) \(folder.name) \(begin)"),
      tracker: "tensorboard", experiment: experiment, version: "\(folder.size)")
    var torn: [String] = []
    let outcome = try writer.importRun(origin) { intake in
      var recorded = RecordedRun()
      recorded.name = name
      var status: Int?
      for file in folder.files {
        if try Self.read(file, &recorded, &status, &intake) { torn.append(file) }
      }
      recorded.lastStep = intake.lastStep
      return imported(recorded, status)
    }
    summary.count(outcome)
    summary.remarks += torn.map {
      "\($0) ends within a record, as when its writer is killed; what is before it was imported"
    }
  }

  /// Reads a file into a run; whether it ends within a record.
  private static func read(
    _ file: String, _ recorded: inout RecordedRun, _ status: inout Int?,
    _ intake: inout PointIntake
  ) throws -> Bool {
    let records = try EventRecords(path: file)
    var event: Event?
    while try records.read({ event = try Event($0) }) {
      guard let event else { continue }
      recorded.begin = min(recorded.begin ?? event.time, event.beginning ?? event.time)
      recorded.end = max(recorded.end ?? event.time, event.end ?? event.time)
      status = event.status ?? status
      recorded.parameters.merge(event.hyperparameters) { $1 }
      for (tag, value) in event.scalars {
        recorded.latest[tag] = value
        if !RecordedRun.isResult(tag) { try intake.add(tag, step: event.step, value: value) }
      }
    }
    return records.isTorn
  }

  private func imported(_ recorded: RecordedRun, _ status: Int?) -> ImportedRun {
    var provenance = RunProvenance()
    provenance.version = "TensorBoard"
    provenance.startedAt = RunTimes.text(recorded.begin)
    provenance.finishedAt = RunTimes.text(recorded.end)
    let state: RunState = status == 2 ? .failed : .succeeded
    var run = ImportedRun(spec: recorded.spec, state: state, provenance: provenance)
    if state == .failed {
      run.failure = RunFailure(
        .crashed, "it failed where it ran, and TensorBoard keeps no reason")
    } else {
      run.summary = recorded.summary
    }
    run.trainable = Int(exactly: recorded.latest["run/parameters"] ?? 0) ?? 0
    run.tags = [recorded.name].filter { !$0.isEmpty }
    return run
  }

  /// The time of the first event of a run; `nil` where none of its files has a scalar or a
  /// hyperparameter.
  private static func beginning(of folder: EventFolder) throws -> Double? {
    var first: Double?
    for file in folder.files {
      let records = try EventRecords(path: file)
      var event: Event?
      while try records.read({ event = try Event($0) }) {
        guard let event else { continue }
        first = first ?? event.time
        if !event.scalars.isEmpty || !event.hyperparameters.isEmpty { return first }
      }
    }
    return nil
  }

  /// Whether a folder has nothing but the table of hyperparameters that `dept export` writes.
  private static func isOnlyTable(_ folder: EventFolder) -> Bool {
    folder.files.allSatisfy { $0.hasSuffix(".dept") }
  }
}
