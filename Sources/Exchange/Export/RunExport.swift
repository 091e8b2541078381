public import Experiments
public import RunStorage

/// What the runs of an experiment are written as.
public enum ExportFormat: String, Hashable, Sendable, CaseIterable {
  /// `runs.csv`, a row a run, and `metrics.csv`, a row a point.
  case csv
  /// The same as `runs.jsonl` and `metrics.jsonl`, an object a line.
  case jsonl
  /// A folder a run with an event file.
  case tensorboard
  /// `mlflow.db`, which MLflow opens as its own.
  case mlflow
}

/// Writes runs with all their points for other programs, one curve in memory at a time.
///
/// A file appears in its place once it is whole; whatever else lies in the folder stays.
public struct RunExport {
  let store: RunStore
  let experiment: String
  let runs: [FrozenRun]
  let folder: String
  /// Whether files of an earlier export are replaced.
  let replaces: Bool

  /// - Parameters:
  ///   - filter: which of the experiment's runs; `nil`: all that its newest plan lists.
  ///   - folder: is made where it is missing.
  public init(
    _ experiment: String, of store: RunStore, where filter: RunFilter? = nil, to folder: String,
    replaces: Bool = false
  ) throws {
    self.store = store
    self.experiment = experiment
    self.folder = folder
    self.replaces = replaces
    let all = try store.frozenRuns(experiment: experiment, curves: false)
    runs = try filter?.matching(all) ?? all
    if runs.isEmpty {
      throw ExchangeError.nothing(
        filter == nil
          ? "the experiment '\(experiment)' has no runs to export"
          : "no run of '\(experiment)' fits; `dept runs list` shows what there is")
    }
  }

  /// Writes everything.
  ///
  /// - Returns: how many runs were written, and the path to open.
  /// - Throws: `ExchangeError`, `StoreError`.
  public func write(as format: ExportFormat) throws -> (runs: Int, path: String) {
    switch format {
    case .csv: try writeTables()
    case .jsonl: try writeLines()
    case .tensorboard: try writeEventFiles()
    case .mlflow: return (runs.count, try writeMLflow())
    }
    return (runs.count, folder)
  }

  func file(_ name: String) throws(ExchangeError) -> OutputFile {
    try OutputFile(path: "\(folder)/\(name)", replacing: replaces)
  }
}
