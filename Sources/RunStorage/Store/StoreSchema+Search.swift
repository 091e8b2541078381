import GRDB

extension StoreSchema {
  /// What a plan has a run for, and what the configuration of a reported run was chosen among.
  static let search: @Sendable (Database) throws -> Void = { database in
    try database.execute(
      sql: """
        ALTER TABLE experiment_run ADD COLUMN role TEXT NOT NULL DEFAULT 'listed'
          CHECK (role IN ('listed', 'source', 'search'));
        ALTER TABLE experiment_run ADD COLUMN selection TEXT;
        UPDATE experiment_run SET role = 'source' WHERE source = 1;
        """)
  }
}
