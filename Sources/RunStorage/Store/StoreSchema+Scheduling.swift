import GRDB

extension StoreSchema {
  /// A run that was given up for others of its group, and what an attempt was ordered.
  ///
  /// In the table such a run is cancelled, with the step it was given up at; everyone who reads it
  /// is told `pruned`.
  static let scheduling: @Sendable (Database) throws -> Void = { database in
    try database.execute(
      sql: """
        ALTER TABLE run ADD COLUMN pruned_step INTEGER;
        ALTER TABLE attempt ADD COLUMN part_rows INTEGER;
        """)
    // The view may have changed since it was made, so only its state is put another way.
    guard
      let view = try String.fetchOne(
        database, sql: "SELECT sql FROM sqlite_schema WHERE type = 'view' AND name = 'v_runs'")
    else { return }
    try database.execute(sql: "DROP VIEW v_runs")
    try database.execute(
      sql: view.replacing("run.state AS state", with: "\(shownState) AS state"))
  }

  /// The state of a row of `run` as it is told to others.
  static let shownState = """
    CASE WHEN run.state = 'cancelled' AND run.pruned_step IS NOT NULL THEN 'pruned' \
    ELSE run.state END
    """
}
