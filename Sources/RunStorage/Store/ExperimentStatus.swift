public import Experiments
import GRDB

/// How far an experiment is.
public struct ExperimentStatus: Hashable, Sendable {
  /// A run that is being carried out.
  public struct Active: Hashable, Sendable {
    public var id: RunID
    public var attempt: Int
    /// The last step that is known.
    public var step: Int
    /// The steps of the whole run; `nil` where they follow from epochs.
    public var steps: Int?
  }

  public var experiment: String
  public var planned: Int
  /// How many runs are in each state; none is missing.
  public var counts: [RunState: Int]
  public var active: [Active]
  /// The process that is carrying it out; `nil`: none is.
  public var scheduler: Int?
}

extension RunStore {
  /// How far an experiment is, without reading any run whole.
  public func status(of name: String) throws(StoreError) -> ExperimentStatus {
    let holder = StoreLock.holder(home: home)
    return try reading { database in
      guard
        let key = try Int64.fetchOne(
          database, sql: "SELECT key FROM experiment WHERE name = ?", arguments: [name])
      else {
        let known = try String.fetchAll(database, sql: "SELECT name FROM experiment ORDER BY name")
        throw StoreError.unknownExperiment(name: name, known: known)
      }
      var status = ExperimentStatus(
        experiment: name, planned: 0, counts: [:], active: [],
        scheduler: holder?.experiment == name ? holder?.process.pid : nil)
      for state in RunState.allCases { status.counts[state] = 0 }
      let wanted = """
        FROM experiment_run JOIN run ON run.key = experiment_run.run
        """
      let condition = """
        WHERE experiment_run.experiment = ? AND wanted = 1 AND run.deleted_at IS NULL
        """
      for row in try Row.fetchAll(
        database,
        sql: """
          SELECT \(StoreSchema.shownState) AS shown, count(*) \(wanted) \(condition) GROUP BY shown
          """, arguments: [key])
      {
        status.counts[RunState(rawValue: row[0]) ?? .queued, default: 0] += row[1]
        status.planned += row[1]
      }
      for row in try Row.fetchAll(
        database,
        sql: """
          SELECT run.id AS id, attempt.*,
            iif(json_extract(run.spec, '$.schedule.epochs') IS NULL,
              json_extract(run.spec, '$.schedule.steps'), NULL) AS steps
          \(wanted) LEFT JOIN attempt ON attempt.run = run.key AND attempt.state = 'running'
          \(condition) AND run.state = 'running' ORDER BY experiment_run.position
          """, arguments: [key])
      {
        if row["n"] as Int? != nil, ProcessIdentity(row: row).isAlive {
          status.active.append(
            ExperimentStatus.Active(
              id: RunID(rawValue: row["id"]), attempt: row["n"], step: row["last_step"],
              steps: row["steps"]))
        } else {
          status.counts[.running, default: 0] -= 1
          status.counts[.lost, default: 0] += 1
        }
      }
      return status
    }
  }

  /// Whether an experiment is being carried out in a home by a process that lives.
  public static func isCarriedOut(
    _ experiment: String, by process: ProcessIdentity, home: String
  ) -> Bool {
    StoreLock.holder(home: home).map { $0.experiment == experiment && $0.process == process }
      ?? false
  }

  /// The experiment that is being carried out in this home, and the process that does.
  public var running: (experiment: String, pid: Int)? {
    StoreLock.holder(home: home).map { ($0.experiment, $0.process.pid) }
  }
}
