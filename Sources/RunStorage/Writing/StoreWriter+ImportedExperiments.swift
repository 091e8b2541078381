import GRDB

/// Imported runs and those of plans never share an experiment: a plan's is what its file says.
extension StoreWriter {
  /// Adds a run to the experiment that has its tracker's runs under that name, or begins one.
  func enter(_ run: Int64, into origin: RunOrigin, _ database: Database) throws {
    let name = try name(for: origin, database)
    try database.execute(
      sql: """
        INSERT OR IGNORE INTO experiment (name, created_at, planned_at, plan_number)
        VALUES (?1, ?2, ?2, (SELECT coalesce(max(plan_number), 0) + 1 FROM experiment))
        """, arguments: [name, StoredJSON.now()])
    try database.execute(
      sql: """
        INSERT INTO experiment_run (experiment, run, position, wanted)
        SELECT key, ?2, (SELECT count(*) FROM experiment_run WHERE experiment = key), 1
        FROM experiment WHERE name = ?1
        """, arguments: [name, run])
  }

  /// Renames the imported experiment that has the name which a plan is about to take.
  func makeRoom(for name: String, _ database: Database) throws {
    let tracker = try String.fetchOne(
      database,
      sql: """
        SELECT tracker FROM experiment JOIN experiment_run ON experiment = experiment.key
        JOIN origin ON origin.run = experiment_run.run WHERE name = ? LIMIT 1
        """, arguments: [name])
    guard let tracker else { return }
    for other in Self.names(name, of: tracker).dropFirst() {
      let isTaken =
        try Bool.fetchOne(
          database, sql: "SELECT EXISTS (SELECT 1 FROM experiment WHERE name = ?)",
          arguments: [other]) ?? false
      if isTaken { continue }
      try database.execute(
        sql: "UPDATE experiment SET name = ? WHERE name = ?", arguments: [other, name])
      return
    }
  }

  /// The first name that nobody has, or that this tracker's runs have already.
  private func name(for origin: RunOrigin, _ database: Database) throws -> String {
    for name in Self.names(origin.experiment, of: origin.tracker) {
      let isOthers =
        try Bool.fetchOne(
          database.cachedStatement(
            sql: """
              SELECT EXISTS (SELECT 1 FROM experiment WHERE name = ?1 AND NOT EXISTS (
                SELECT 1 FROM experiment_run JOIN origin ON origin.run = experiment_run.run
                WHERE experiment_run.experiment = experiment.key AND tracker = ?2))
              """), arguments: [name, origin.tracker]) ?? false
      if !isOthers { return name }
    }
    return origin.experiment
  }

  /// The name itself, then with the tracker before it, then numbered without end.
  private static func names(_ name: String, of tracker: String) -> some Sequence<String> {
    sequence(first: 0) { $0 + 1 }.lazy.map { number in
      switch number {
      case 0: name
      case 1: "\(tracker)-\(name)"
      default: "\(tracker)-\(name)-\(number)"
      }
    }
  }
}
