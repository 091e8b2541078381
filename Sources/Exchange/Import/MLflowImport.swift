import Crypto
import Experiments
import Foundation
import GRDB
public import RunStorage

/// Reads runs from a database of MLflow, of any revision that has the tables of runs.
public struct MLflowImport {
  private let path: String
  private let queue: DatabaseQueue
  /// The columns of the tables that are read.
  private let columns: [String: Set<String>]

  /// Opens the database for reading; nothing is changed.
  ///
  /// - Parameter path: `mlflow.db`, the folder that it lies in, or its `sqlite:///` address.
  /// - Throws: `ExchangeError`.
  public init(_ path: String) throws(ExchangeError) {
    self.path = try Self.file(path)
    do {
      var configuration = Configuration()
      configuration.readonly = true
      configuration.busyMode = .timeout(5)
      queue = try DatabaseQueue(path: self.path, configuration: configuration)
      columns = try queue.read { database in
        var columns: [String: Set<String>] = [:]
        for table in ["experiments", "runs", "metrics", "params", "tags", "alembic_version"]
        where try database.tableExists(table) {
          columns[table] = Set(try database.columns(in: table).map(\.name))
        }
        return columns
      }
    } catch {
      throw Self.failure(error, path: self.path)
    }
    let needed: [String: Set<String>] = [
      "experiments": ["experiment_id", "name"],
      "runs": ["run_uuid", "experiment_id", "status", "start_time", "end_time"],
      "metrics": ["key", "value", "timestamp", "run_uuid"], "params": ["key", "value", "run_uuid"],
      "tags": ["key", "value", "run_uuid"],
    ]
    for (table, names) in needed.sorted(by: { $0.key < $1.key }) {
      guard let present = columns[table] else {
        throw .foreign(
          path: self.path, wanted: "database of MLflow",
          remedy: "it has no table '\(table)'; give the file that --backend-store-uri names")
      }
      let lacking = names.subtracting(present).sorted().joined(separator: ", ")
      guard lacking.isEmpty else {
        throw .foreign(
          path: self.path, wanted: "database of an MLflow that is known here",
          remedy: "its table '\(table)' lacks \(lacking); run: "
            + "mlflow db upgrade sqlite:///\(self.path)")
      }
    }
  }

  /// Takes over all runs, or those of `experiments`; deleted ones are left out.
  ///
  /// - Parameter progress: is told how many runs are done, of how many.
  /// - Throws: `ExchangeError`, `StoreError`.
  public func importRuns(
    of experiments: [String] = [], into writer: StoreWriter,
    progress: (Int, Int) -> Void = { _, _ in }
  ) throws -> ImportSummary {
    do {
      return try queue.read { database in
        let runs = try self.runs(of: experiments, database)
        var summary = ImportSummary()
        for (index, run) in runs.enumerated() {
          summary.count(try take(run, into: writer, database))
          progress(index + 1, runs.count)
        }
        if runs.isEmpty { summary.remarks.append("\(path) holds no runs") }
        return summary
      }
    } catch let error as DatabaseError {
      throw Self.failure(error, path: path)
    }
  }

  // MARK: Reading

  private struct Entry {
    var id: String
    var name: String
    var experiment: String
    var status: String
    var begin: Int?
    var end: Int?
  }

  private func runs(of wanted: [String], _ database: Database) throws -> [Entry] {
    let active =
      columns["experiments"]?.contains("lifecycle_stage") == true
      ? "WHERE lifecycle_stage = 'active'" : ""
    let known = try Row.fetchAll(
      database,
      sql: """
        SELECT experiment_id, coalesce(CAST(name AS TEXT), '') FROM experiments \(active)
        ORDER BY experiment_id
        """)
    let names = known.map { $0[1] as String }
    for name in wanted where !names.contains(name) {
      throw ExchangeError.unknownExperiment(name: name, known: names)
    }
    let has = columns["runs"] ?? []
    let stage = has.contains("lifecycle_stage") ? "AND lifecycle_stage = 'active'" : ""
    let name = has.contains("name") ? "name" : "''"
    return try known.filter { wanted.isEmpty || wanted.contains($0[1]) }.flatMap { experiment in
      try Row.fetchAll(
        database,
        sql: """
          SELECT CAST(run_uuid AS TEXT) AS run_uuid, CAST(\(name) AS TEXT) AS name,
            CAST(status AS TEXT) AS status, CAST(start_time AS INTEGER) AS start_time,
            CAST(end_time AS INTEGER) AS end_time FROM runs
          WHERE experiment_id = ? \(stage) ORDER BY start_time, rowid
          """, arguments: [experiment[0] as DatabaseValue]
      ).map { row in
        Entry(
          id: row["run_uuid"], name: row["name"] ?? "", experiment: experiment[1],
          status: row["status"] ?? "", begin: row["start_time"], end: row["end_time"])
      }
    }
  }

  private func take(
    _ entry: Entry, into writer: StoreWriter, _ database: Database
  ) throws -> ImportOutcome {
    let count =
      try Int.fetchOne(
        database.cachedStatement(sql: "SELECT count(*) FROM metrics WHERE run_uuid = ?"),
        arguments: [entry.id]) ?? 0
    let labels = try pairs("tags", of: entry.id, database)
    let own = Self.exported(labels, as: entry.id)
    // One that was exported from here is here.
    if let own, try !writer.store.runs([own]).isEmpty { return .known }
    let origin = RunOrigin(
      id: Self.identity(entry.id, isExported: own != nil), tracker: "mlflow",
      experiment: entry.experiment,
      version: "\(entry.status) \(entry.end ?? 0) \(count)")
    return try writer.importRun(origin) { intake in
      var recorded = RecordedRun()
      recorded.name = entry.name
      recorded.begin = entry.begin.map { Double($0) / 1000 }
      recorded.end = entry.end.map { Double($0) / 1000 }
      for (name, value) in try pairs("params", of: entry.id, database) {
        recorded.parameters[name] = ParameterText.value(value)
      }
      recorded.labels = labels
      try readPoints(entry.id, &recorded, &intake, database)
      return imported(entry, recorded)
    }
  }

  /// The points of a run, metric by metric. Where several share one step and nothing else, they
  /// were logged without steps: then they are counted in the order of their times.
  private func readPoints(
    _ id: String, _ recorded: inout RecordedRun, _ intake: inout PointIntake, _ database: Database
  ) throws {
    let has = columns["metrics"] ?? []
    let step = has.contains("step") ? "step" : "0"
    let isNaN = has.contains("is_nan") ? "is_nan" : "0"
    let unstepped = try reading {
      try String.fetchSet(
        database.cachedStatement(
          sql: """
            SELECT CAST(key AS TEXT) FROM metrics WHERE run_uuid = ? AND key IS NOT NULL
            GROUP BY key
            HAVING count(*) > 1 AND min(\(step)) = max(\(step))
            """), arguments: [id])
    }
    let rows = try Row.fetchCursor(
      database.cachedStatement(
        sql: """
          SELECT CAST(key AS TEXT) AS name, CAST(\(step) AS INTEGER) AS place,
            CAST(value AS REAL), CAST(\(isNaN) AS INTEGER) FROM metrics
          WHERE run_uuid = ? AND key IS NOT NULL AND \(step) IS NOT NULL
          ORDER BY name, place, timestamp
          """), arguments: [id])
    var current = ""
    var number = 0
    while let row = try reading({ try rows.next() }) {
      let key: String = row[0]
      if key != current { (current, number) = (key, 0) }
      let value = (row[3] as Bool?) == true ? .nan : Self.value((row[2] as Double?) ?? .nan)
      recorded.latest[key] = value
      let step: Int = unstepped.contains(key) ? number : row[1]
      guard PointIntake.steps.contains(step) else {
        throw ExchangeError.foreign(
          path: path, wanted: "database of MLflow that can be read",
          remedy: "the metric '\(key)' of its run \(id) has a point at step \(step), farther than "
            + "any run goes; delete that point")
      }
      number += 1
      if !RecordedRun.isResult(key) { try intake.add(key, step: step, value: value) }
    }
    recorded.lastStep = intake.lastStep
  }

  private func pairs(
    _ table: String, of run: String, _ database: Database
  ) throws(ExchangeError) -> [String: String] {
    try reading {
      let rows = try Row.fetchAll(
        database.cachedStatement(
          sql: """
            SELECT CAST(key AS TEXT), CAST(value AS TEXT) FROM \(table)
            WHERE run_uuid = ? AND key IS NOT NULL
            """), arguments: [run])
      return Dictionary(rows.map { ($0[0], ($0[1] as String?) ?? "") }) { $1 }
    }
  }

  /// What goes wrong with this database is not taken for a fault of the store.
  private func reading<Value>(_ body: () throws -> Value) throws(ExchangeError) -> Value {
    do {
      return try body()
    } catch {
      throw Self.failure(error, path: path)
    }
  }

  private func imported(_ entry: Entry, _ recorded: RecordedRun) -> ImportedRun {
    var provenance = RunProvenance()
    provenance.version = "MLflow"
    provenance.commit = recorded.labels["mlflow.source.git.commit"] ?? ""
    provenance.startedAt = RunTimes.text(recorded.begin)
    provenance.finishedAt = RunTimes.text(recorded.end)
    let state: RunState =
      switch entry.status {
      case "FINISHED": .succeeded
      case "FAILED", "RUNNING": .failed
      default: .cancelled
      }
    var run = ImportedRun(spec: recorded.spec, state: state, provenance: provenance)
    if state == .succeeded { run.summary = recorded.summary }
    if state == .failed {
      run.failure = RunFailure(
        .crashed,
        recorded.labels["dept.failure"]
          ?? (entry.status == "FAILED"
            ? "it failed where it ran, and MLflow keeps no reason"
            : "MLflow has it as running: it was, when it was imported, or it was killed"))
    }
    run.trainable = Int(exactly: recorded.latest["run/parameters"] ?? 0) ?? 0
    run.tags = [entry.name].filter { !$0.isEmpty }
    for (key, value) in recorded.labels where !key.hasPrefix("mlflow.") {
      if key.hasPrefix("dept.tag.") {
        run.tags.append(String(key.dropFirst("dept.tag.".count)))
      } else if !key.hasPrefix("dept.") {
        run.tags.append(value.isEmpty ? key : "\(key)=\(value)")
      }
    }
    run.notes = [recorded.labels["mlflow.note.content"] ?? ""].filter { !$0.isEmpty }
    return run
  }

  // MARK: Spelling

  /// The run that was exported as `id`; `nil` where the run is another program's.
  private static func exported(_ labels: [String: String], as id: String) -> RunID? {
    guard let run = labels["dept.run"], run.count == 64, run.hasPrefix(id) else { return nil }
    return RunID(rawValue: run)
  }

  /// MLflow's own identity, as long as ours are; of one that is no such number, its digest.
  ///
  /// - Parameter isExported: whether it begins as that of a run of ours, whose folder and short
  ///   name must stay its own.
  static func identity(_ id: String, isExported: Bool = false) -> RunID {
    let isNumber =
      !isExported && id.count == 32
      && id.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    if isNumber { return RunID(rawValue: id + String(repeating: "0", count: 32)) }
    return RunID(digestOf: "mlflow \(id)")
  }

  /// MLflow keeps infinities as the largest numbers.
  private static func value(_ stored: Double) -> Double {
    abs(stored) < Double.greatestFiniteMagnitude
      ? stored : stored > 0 ? .infinity : -.infinity
  }

  private static func file(_ path: String) throws(ExchangeError) -> String {
    var path = path
    if let address = path.range(of: "sqlite:///", options: .anchored) {
      path = String(path[address.upperBound...])
    }
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw .missing(path: path)
    }
    guard isFolder.boolValue else { return path }
    let inside = "\(path)/mlflow.db"
    guard FileManager.default.fileExists(atPath: inside) else {
      throw .foreign(
        path: path, wanted: "database of MLflow",
        remedy: "it is a folder without mlflow.db; bring folders of files into a database first: "
          + "mlflow migrate-filestore")
    }
    return inside
  }

  private static func failure(_ error: any Error, path: String) -> ExchangeError {
    guard let error = error as? DatabaseError else {
      return error as? ExchangeError
        ?? .refused(path: path, action: "read", reason: "\(error)")
    }
    switch error.resultCode {
    case .SQLITE_NOTADB:
      return .foreign(
        path: path, wanted: "database of MLflow",
        remedy: "it is no SQLite file; give the file that --backend-store-uri names")
    case .SQLITE_CORRUPT:
      return .foreign(
        path: path, wanted: "whole database",
        remedy: "SQLite finds it damaged; restore a copy of it")
    default:
      return .refused(
        path: path, action: "read",
        reason: error.message ?? "SQLite error \(error.resultCode.rawValue)")
    }
  }
}

extension RunID {
  /// The SHA-256 of a text that names one run of another tracker.
  init(digestOf text: String) {
    let digits = Array("0123456789abcdef")
    self.init(
      rawValue: String(
        SHA256.hash(data: Data(text.utf8)).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    )
  }
}
