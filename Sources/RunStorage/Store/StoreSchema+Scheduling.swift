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
  }

  /// The state of a row of `run` as it is told to others.
  static let shownState = """
    CASE WHEN run.state = 'cancelled' AND run.pruned_step IS NOT NULL THEN 'pruned' \
    ELSE run.state END
    """
}
