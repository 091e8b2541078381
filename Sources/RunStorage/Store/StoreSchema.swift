import GRDB

/// The layout of the store: one database file, its tables and its views.
///
/// The views `v_runs`, `v_scores` and `v_metrics` are a promise to whoever reads the file with SQL;
/// the tables under them may change from one version to the next.
enum StoreSchema {
  /// `DePT` as four characters: what `PRAGMA application_id` says of our files.
  static let applicationID: Int32 = 0x4465_5054

  /// The layouts in order; `PRAGMA user_version` counts those that were applied.
  static let migrations: [@Sendable (Database) throws -> Void] = [
    { database in
      try database.execute(sql: tables)
      try database.execute(sql: views)
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

  private static let views = """
    CREATE VIEW v_runs AS
      SELECT run.id AS id,
        (SELECT experiment.name FROM experiment_run
          JOIN experiment ON experiment.key = experiment_run.experiment
          WHERE experiment_run.run = run.key
          ORDER BY experiment.plan_number DESC LIMIT 1) AS experiment,
        run.state AS state, run.backbone AS backbone, run.method AS method,
        run.dataset AS dataset, run.seed AS seed,
        json_extract(run.spec, '$.method.hyperparameters') AS hyperparameters,
        json_extract(run.spec, '$.schedule') AS schedule,
        run.trainable AS parameters, run.total AS total_parameters,
        run_summary.best_step AS best_step, run_summary.seconds AS seconds,
        run_summary.peak_bytes AS peak_bytes,
        (SELECT count(*) FROM attempt WHERE attempt.run = run.key) AS attempts,
        json_extract(run.provenance, '$.startedAt') AS started_at,
        json_extract(run.provenance, '$.finishedAt') AS finished_at
      FROM run LEFT JOIN run_summary ON run_summary.run = run.key
      WHERE run.deleted_at IS NULL;

    CREATE VIEW v_scores AS
      SELECT run.id AS run, split.key AS split, score.key AS metric, score.value AS value
      FROM run JOIN run_summary ON run_summary.run = run.key,
        json_each(run_summary.scores) AS split, json_each(split.value) AS score
      WHERE run.deleted_at IS NULL;

    CREATE VIEW v_metrics AS
      SELECT run.id AS run, metric.name AS metric, metric_summary.count AS count,
        metric_summary.last_step AS last_step, metric_summary.last AS last,
        metric_summary.min AS min, metric_summary.max AS max
      FROM metric_summary
      JOIN run ON run.key = metric_summary.run
      JOIN metric ON metric.key = metric_summary.metric
      WHERE run.deleted_at IS NULL;
    """
}
