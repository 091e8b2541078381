public import Experiments
import GRDB

/// A run as a plan enters it into the store.
public struct EnrolledRun: Hashable, Sendable {
  public var id: RunID
  public var spec: RunSpec
  /// What is known before it starts: version, machine, digests, commit.
  public var provenance: RunProvenance
  /// Whether the plan only has it because other runs start from it.
  public var isSource: Bool
  /// Whether the plan only has it as a candidate of a search.
  public var isCandidate = false
  /// The search that its configuration won.
  public var selection: RunSelection?

  public init(
    id: RunID, spec: RunSpec, provenance: RunProvenance = RunProvenance(), isSource: Bool = false
  ) {
    self.id = id
    self.spec = spec
    self.provenance = provenance
    self.isSource = isSource
  }
}

extension EnrolledRun {
  /// What the plan has it for, as `experiment_run` says it.
  var role: String {
    isSource ? "source" : isCandidate && selection == nil ? "search" : "listed"
  }
}

extension StoreWriter {
  /// Makes `runs` the newest plan of an experiment: new ones are queued, known ones are kept, and
  /// unfinished ones that no plan lists any longer are cancelled.
  public func enrol(_ runs: [EnrolledRun], experiment name: String) throws(StoreError) {
    try writing { database in
      try makeRoom(for: name, database)
      let experiment = try experimentKey(name, database)
      try database.execute(
        sql: "UPDATE experiment_run SET wanted = 0 WHERE experiment = ?", arguments: [experiment])
      for (position, run) in runs.enumerated() {
        try enter(run, database)
        try database.cachedStatement(
          sql: """
            INSERT INTO experiment_run
              (experiment, run, position, wanted, source, role, selection)
            VALUES (?, (SELECT key FROM run WHERE id = ?), ?, 1, ?, ?, ?)
            ON CONFLICT DO UPDATE SET
              position = excluded.position, wanted = 1, source = excluded.source,
              role = excluded.role, selection = excluded.selection
            """
        ).execute(arguments: [
          experiment, run.id.rawValue, position, run.isSource, run.role,
          try run.selection.map { try StoredJSON.text($0) },
        ])
      }
      try database.execute(
        sql: """
          UPDATE run SET state = 'cancelled' WHERE state = 'queued' AND NOT EXISTS
            (SELECT 1 FROM experiment_run WHERE run = run.key AND wanted = 1)
          """)
    }
  }

  private func experimentKey(_ name: String, _ database: Database) throws -> Int64? {
    let now = StoredJSON.now()
    try database.execute(
      sql: """
        INSERT INTO experiment (name, created_at, planned_at, plan_number)
        VALUES (?, ?, ?, (SELECT coalesce(max(plan_number), 0) + 1 FROM experiment))
        ON CONFLICT DO UPDATE SET
          planned_at = excluded.planned_at, plan_number = excluded.plan_number
        """, arguments: [name, now, now])
    return try Int64.fetchOne(
      database, sql: "SELECT key FROM experiment WHERE name = ?", arguments: [name])
  }

  private func enter(_ run: EnrolledRun, _ database: Database) throws {
    try database.cachedStatement(
      sql: """
        INSERT INTO run
          (id, backbone, dataset, method, seed, spec, state, provenance, configuration)
        VALUES (?, ?, ?, ?, ?, ?, 'queued', ?, ?)
        ON CONFLICT DO UPDATE SET deleted_at = NULL,
          state = CASE WHEN state = 'cancelled' AND pruned_step IS NULL THEN 'queued'
            ELSE state END,
          provenance = CASE state WHEN 'succeeded' THEN provenance
            ELSE json_set(excluded.provenance,
              '$.startedAt', json_extract(provenance, '$.startedAt'),
              '$.finishedAt', json_extract(provenance, '$.finishedAt')) END
        """
    ).execute(arguments: [
      run.id.rawValue, run.spec.field("backbone")?.plainText,
      run.spec.field("dataset")?.plainText, run.spec.method.name, run.spec.seed,
      try StoredJSON.text(run.spec), try StoredJSON.text(run.provenance),
      try StoreSchema.configurationKey(run.spec.configurationDescription(), database),
    ])
  }

  /// Queues runs again that failed or were given up; their points and attempts stay.
  public func requeue(_ runs: [RunID]) throws(StoreError) {
    guard !runs.isEmpty else { return }
    try writing { database in
      for id in runs {
        try database.cachedStatement(
          sql: "UPDATE run SET state = 'queued', pruned_step = NULL WHERE id = ?"
        ).execute(arguments: [id.rawValue])
      }
    }
  }

  /// Gives runs up for others of their group at a step; a plan without the group carries them on.
  public func prune(_ runs: [RunID], at step: Int) throws(StoreError) {
    try writing { database in
      for id in runs {
        try database.execute(
          sql: """
            UPDATE run SET state = 'cancelled', pruned_step = ?2
            WHERE id = ?1 AND state IN ('queued', 'cancelled')
            """, arguments: [id.rawValue, step])
      }
    }
  }

  /// Gives a run up, because what it starts from failed; the next plan that lists it queues it
  /// again. What has succeeded stays.
  public func cancel(_ id: RunID) throws(StoreError) {
    try writing { database in
      try database.execute(
        sql: "UPDATE run SET state = 'cancelled' WHERE key = ? AND state != 'succeeded'",
        arguments: [try runKey(id, database)])
    }
  }

  /// Forgets a run's results and points, so that it is repeated from the beginning.
  public func reset(_ id: RunID) throws(StoreError) {
    try writing { database in
      let key = try runKey(id, database)
      for table in ["metric_chunk", "metric_tail", "metric_summary", "run_summary"] {
        try database.execute(sql: "DELETE FROM \(table) WHERE run = ?", arguments: [key])
      }
      try database.execute(
        sql: """
          UPDATE run SET state = 'queued', pruned_step = NULL, trainable = 0, total = 0,
            provenance = json_set(provenance, '$.startedAt', '', '$.finishedAt', '')
          WHERE key = ?
          """, arguments: [key])
    }
  }

  /// Hides a run from every list, until it is restored, planned again or collected.
  public func delete(_ id: RunID) throws(StoreError) {
    try setDeleted(id, StoredJSON.now())
  }

  /// Shows a deleted run again.
  public func restore(_ id: RunID) throws(StoreError) {
    try setDeleted(id, nil)
  }

  private func setDeleted(_ id: RunID, _ time: String?) throws(StoreError) {
    try writing { database in
      try database.execute(
        sql: "UPDATE run SET deleted_at = ? WHERE key = ?",
        arguments: [time, try runKey(id, database)])
    }
  }
}
