import GRDB

/// The layout of the store: one database file, its tables and its views.
///
/// The views are a promise to whoever reads the file with SQL (`StoreSchema+Views.swift`); the
/// tables under them may change from one version to the next. `docs/store.md` describes both.
enum StoreSchema {
  /// `DePT` as four characters: what `PRAGMA application_id` says of our files.
  static let applicationID: Int32 = 0x4465_5054

  /// One step from a layout to the next.
  typealias Migration = @Sendable (Database) throws -> Void

  /// The layouts in order; `PRAGMA user_version` counts those that were applied. The views are made
  /// anew after the last.
  static let migrations: [Migration] = [
    { database in
      try database.execute(sql: tables)
    },
    { database in
      try database.execute(sql: "ALTER TABLE run_summary ADD COLUMN training_seconds REAL")
    },
    { database in
      // Whether a plan has the run only because others start from it.
      try database.execute(
        sql: """
          ALTER TABLE experiment_run ADD COLUMN source INTEGER NOT NULL DEFAULT 0
            CHECK (source IN (0, 1))
          """)
    },
    pointOverviews,
    nameConfigurations,
    scheduling,
    search,
    { try provenance($0) },
    predictions,
    exchange,
  ]

  static var version: Int { migrations.count }

  private static let tables = """
    CREATE TABLE experiment (
      key INTEGER PRIMARY KEY,
      name TEXT NOT NULL UNIQUE,
      created_at TEXT NOT NULL,
      planned_at TEXT NOT NULL,
      plan_number INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE run (
      key INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      backbone TEXT NOT NULL,
      dataset TEXT NOT NULL,
      method TEXT NOT NULL,
      seed INTEGER NOT NULL,
      spec TEXT NOT NULL,
      state TEXT NOT NULL
        CHECK (state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
      trainable INTEGER NOT NULL DEFAULT 0,
      total INTEGER NOT NULL DEFAULT 0,
      provenance TEXT NOT NULL,
      deleted_at TEXT
    ) STRICT;

    CREATE TABLE experiment_run (
      experiment INTEGER NOT NULL REFERENCES experiment (key) ON DELETE CASCADE,
      run INTEGER NOT NULL REFERENCES run (key) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      wanted INTEGER NOT NULL CHECK (wanted IN (0, 1)),
      PRIMARY KEY (experiment, run)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX experiment_run_by_run ON experiment_run (run);

    CREATE TABLE attempt (
      run INTEGER NOT NULL REFERENCES run (key) ON DELETE CASCADE,
      n INTEGER NOT NULL,
      pid INTEGER NOT NULL,
      process_start INTEGER NOT NULL,
      boot_id TEXT NOT NULL,
      host TEXT NOT NULL,
      state TEXT NOT NULL
        CHECK (state IN ('running', 'succeeded', 'failed', 'stopped', 'lost')),
      failure_kind TEXT,
      reason TEXT,
      failed_step INTEGER,
      started_at TEXT NOT NULL,
      finished_at TEXT,
      resumed_from INTEGER NOT NULL DEFAULT 0,
      last_step INTEGER NOT NULL DEFAULT 0,
      journal_offset INTEGER NOT NULL DEFAULT 0,
      PRIMARY KEY (run, n)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX attempt_running ON attempt (state) WHERE state = 'running';

    CREATE TABLE run_summary (
      run INTEGER PRIMARY KEY REFERENCES run (key) ON DELETE CASCADE,
      scores TEXT NOT NULL,
      best_step INTEGER NOT NULL,
      seconds REAL NOT NULL,
      peak_bytes INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE metric (
      key INTEGER PRIMARY KEY,
      name TEXT NOT NULL UNIQUE
    ) STRICT;

    CREATE TABLE metric_chunk (
      key INTEGER PRIMARY KEY,
      run INTEGER NOT NULL REFERENCES run (key) ON DELETE CASCADE,
      metric INTEGER NOT NULL REFERENCES metric (key),
      first_step INTEGER NOT NULL,
      last_step INTEGER NOT NULL,
      count INTEGER NOT NULL,
      min REAL,
      max REAL,
      last REAL,
      data BLOB NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX metric_chunk_by_step ON metric_chunk (run, metric, last_step);

    CREATE TABLE metric_tail (
      run INTEGER NOT NULL REFERENCES run (key) ON DELETE CASCADE,
      metric INTEGER NOT NULL REFERENCES metric (key),
      step INTEGER NOT NULL,
      value REAL,
      PRIMARY KEY (run, metric, step)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE metric_summary (
      run INTEGER NOT NULL REFERENCES run (key) ON DELETE CASCADE,
      metric INTEGER NOT NULL REFERENCES metric (key),
      count INTEGER NOT NULL,
      last_step INTEGER NOT NULL,
      last REAL,
      min REAL,
      max REAL,
      PRIMARY KEY (run, metric)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE note (
      key INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      experiment INTEGER REFERENCES experiment (key) ON DELETE CASCADE,
      run INTEGER REFERENCES run (key) ON DELETE CASCADE,
      text TEXT NOT NULL,
      created_at TEXT NOT NULL,
      CHECK ((experiment IS NULL) <> (run IS NULL))
    ) STRICT;

    CREATE TABLE tag (
      run INTEGER NOT NULL REFERENCES run (key) ON DELETE CASCADE,
      name TEXT NOT NULL,
      PRIMARY KEY (run, name)
    ) STRICT, WITHOUT ROWID;
    """
}
