import GRDB

extension StoreSchema {
  /// The views by name: what `docs/store.md` promises. A column may be added at the end of one, and
  /// none be taken away or change its meaning.
  static let views: [(name: String, query: String)] = [
    ("v_runs", runs), ("v_scores", scores), ("v_metrics", metrics), ("v_groups", groups),
  ]

  /// Makes the views anew, whatever a file has.
  static func makeViews(_ database: Database) throws {
    for (name, query) in views {
      try database.execute(
        sql: "DROP VIEW IF EXISTS \(name); CREATE VIEW \(name) AS \(query)")
    }
  }

  private static let runs = """
    SELECT run.id AS id,
      (SELECT experiment.name FROM experiment_run
        JOIN experiment ON experiment.key = experiment_run.experiment
        WHERE experiment_run.run = run.key
        ORDER BY experiment.plan_number DESC LIMIT 1) AS experiment,
      \(shownState) AS state, run.backbone AS backbone, run.method AS method,
      run.dataset AS dataset, run.seed AS seed,
      json_extract(run.spec, '$.method.hyperparameters') AS hyperparameters,
      json_extract(run.spec, '$.schedule') AS schedule,
      run.trainable AS parameters, run.total AS total_parameters,
      run_summary.best_step AS best_step, run_summary.seconds AS seconds,
      run_summary.peak_bytes AS peak_bytes,
      (SELECT count(*) FROM attempt WHERE attempt.run = run.key) AS attempts,
      json_extract(run.provenance, '$.startedAt') AS started_at,
      json_extract(run.provenance, '$.finishedAt') AS finished_at,
      json_extract(run.spec, '$.preparation') AS preparation,
      (SELECT json_group_array(name) FROM tag WHERE tag.run = run.key) AS tags,
      CASE WHEN run.state = 'failed' THEN
        (SELECT failure_kind FROM attempt WHERE attempt.run = run.key ORDER BY n DESC LIMIT 1)
        END AS failure_kind,
      CASE WHEN run.state = 'failed' THEN
        (SELECT reason FROM attempt WHERE attempt.run = run.key ORDER BY n DESC LIMIT 1)
        END AS failure_reason,
      (SELECT description FROM configuration
        WHERE configuration.key = run.configuration) AS configuration
    FROM run LEFT JOIN run_summary ON run_summary.run = run.key
    WHERE run.deleted_at IS NULL
    """

  private static let scores = """
    SELECT run.id AS run, split.key AS split, score.key AS metric, score.value AS value
    FROM run JOIN run_summary ON run_summary.run = run.key,
      json_each(run_summary.scores) AS split, json_each(split.value) AS score
    WHERE run.deleted_at IS NULL
    """

  private static let metrics = """
    SELECT run.id AS run, metric.name AS metric, metric_summary.count AS count,
      metric_summary.last_step AS last_step, metric_summary.last AS last,
      metric_summary.min AS min, metric_summary.max AS max
    FROM metric_summary
    JOIN run ON run.key = metric_summary.run
    JOIN metric ON metric.key = metric_summary.metric
    WHERE run.deleted_at IS NULL
    """

  /// The square root is Newton's: not every SQLite that opens the file has a `sqrt`. From above, a
  /// hundred steps are enough for every variance that a double holds and a score has.
  private static let groups = """
    WITH scored AS (
      SELECT experiment.name AS experiment, run.configuration AS configuration, run.key AS run,
        run.seed AS seed, split.key AS split, score.key AS metric, score.value AS value,
        avg(score.value) OVER (
          PARTITION BY experiment.key, run.configuration, split.key, score.key) AS mean
      FROM experiment
      JOIN experiment_run ON experiment_run.experiment = experiment.key
        AND experiment_run.wanted = 1 AND experiment_run.role = 'listed'
      JOIN run ON run.key = experiment_run.run AND run.deleted_at IS NULL
      JOIN run_summary ON run_summary.run = run.key,
        json_each(run_summary.scores) AS split, json_each(split.value) AS score
      WHERE typeof(score.value) IN ('real', 'integer')
      ORDER BY run.seed, run.key),
    grouped AS (
      SELECT experiment, configuration, split, metric, count(*) AS n, min(mean) AS mean,
        sum((value - mean) * (value - mean)) / (count(*) - 1) AS variance,
        min(value) AS least, max(value) AS most, json_group_array(seed) AS seeds,
        min(run) AS example
      FROM scored GROUP BY experiment, configuration, split, metric)
    SELECT grouped.experiment AS experiment, run.backbone AS backbone, run.method AS method,
      run.dataset AS dataset,
      json_extract(run.spec, '$.method.hyperparameters') AS hyperparameters,
      json_remove(json_extract(run.spec, '$.schedule'), '$.fewShotSeed') AS schedule,
      json_extract(run.spec, '$.preparation') AS preparation,
      grouped.split AS split, grouped.metric AS metric, grouped.n AS n, grouped.mean AS mean,
      CASE WHEN grouped.n < 2 THEN NULL WHEN grouped.variance <= 0 THEN 0.0 ELSE
        (WITH RECURSIVE newton (i, x) AS (
          SELECT 0, max(grouped.variance, 1.0)
          UNION ALL SELECT i + 1, (x + grouped.variance / x) / 2 FROM newton WHERE i < 100)
        SELECT x FROM newton WHERE i = 100) END AS std,
      grouped.least AS min, grouped.most AS max, grouped.seeds AS seeds,
      (SELECT description FROM configuration
        WHERE configuration.key = grouped.configuration) AS configuration
    FROM grouped JOIN run ON run.key = grouped.example
    """
}
