import Backbones
import Datasets
import DeptTesting
import Experiments
import Foundation
import GRDB
import RunStorage
import Testing
import Training

@testable import Exchange

@Suite struct MLflowTests {
  private static let first = "0123456789abcdef0123456789abcdef"

  @Test("a database that MLflow wrote is taken over value for value, once")
  func golden() throws {
    let folder = try TemporaryFolder()
    let writer = try StoreWriter(home: folder.path, purpose: "a test")
    let before = try Data(contentsOf: URL(filePath: Golden.database))
    let source = try MLflowImport(Golden.database)
    #expect(try source.importRuns(into: writer).added == 2)
    #expect(try writer.store.experiments() == ["glue sweep/1"])
    let run = try writer.store.run(Self.first)
    #expect(run.state == .succeeded)
    #expect(run.spec.backbone == "t5-small" && run.spec.dataset == "rte" && run.spec.seed == 7)
    #expect(run.spec.method.name == "imported")
    #expect(
      run.spec.method.hyperparameters == [
        "model": .string("t5-small"), "lr": .number(3e-4), "layers": .integer(12),
        "fp16": .bool(false),
        "note": .string("a, \"b\""),
      ])
    #expect(
      points(run) == [
        "train/loss": (1...5).map { "\($0) \(2 / Double($0))" },
        "unstepped": (0...2).map { "\($0) \(Double($0) / 4)" },
        "eval_accuracy": ["5 0.625"], "test/f1": ["5 0.5"],
        "odd": ["1 nan", "2 inf", "3 -inf"],
      ])
    #expect(run.summary?.scores == [.validation: ["accuracy": 0.625], .test: ["f1": 0.5]])
    #expect(run.summary?.seconds == 60)
    #expect(run.provenance.commit == "abc123")
    #expect(try writer.store.tags(of: run.id) == ["first", "stage=draft"])
    #expect(try writer.store.notes(on: .run(run.id)).map(\.text) == ["A remark."])
    let killed = try writer.store.run("second")
    #expect(killed.state == .failed)
    #expect(killed.failure?.message.contains("as running") == true)

    let again = try source.importRuns(into: writer)
    #expect(again.known == 2 && again.added == 0)
    #expect(try writer.store.frozenRuns(experiment: "glue sweep/1").count == 2)
    #expect(try Data(contentsOf: URL(filePath: Golden.database)) == before)
  }

  @Test("what is exported has the tables of MLflow, and is read back as it was")
  func roundTrip() throws {
    let folder = try TemporaryFolder()
    let ours = try exampleHome(folder)
    let (count, path) = try RunExport(
      "odd names/1", of: ours.store, to: "\(folder.path)/out"
    ).write(as: .mlflow)
    #expect(count == 2)
    let queue = try DatabaseQueue(path: path)
    try queue.read { database in
      #expect(try String.fetchOne(database, sql: "PRAGMA integrity_check") == "ok")
      #expect(try Row.fetchAll(database, sql: "PRAGMA foreign_key_check").isEmpty)
      let longest = try Int.fetchOne(database, sql: "SELECT max(length(value)) FROM params")
      #expect(longest == MLflowNames.longestValue)
      let names = try String.fetchAll(database, sql: "SELECT DISTINCT key FROM metrics")
      #expect(names.contains("validation/f 1_ _macro_"))
    }
    let other = try TemporaryFolder()
    let writer = try StoreWriter(home: other.path, purpose: "a test")
    #expect(try MLflowImport("\(folder.path)/out").importRuns(into: writer).added == 2)
    let copies = try writer.store.frozenRuns(experiment: "odd names/1")
    let originals = try ours.store.frozenRuns(experiment: "odd names/1")
    for (copy, original) in zip(copies.sorted { $0.spec.seed < $1.spec.seed }, originals) {
      // The folder and the short name of the original stay its own.
      #expect(copy.id.short != original.id.short)
      #expect(copy.state == original.state)
      #expect(copy.spec.method.name == "dept" && copy.spec.seed == original.spec.seed)
      #expect(copy.spec.schedule == original.spec.schedule)
      #expect(copy.summary?.scores == original.summary?.scores)
      #expect(copy.summary?.peakBytes == original.summary?.peakBytes)
      #expect(copy.trainable == original.trainable)
      #expect(copy.failure?.message == original.failure?.message)
      #expect(points(copy)["train/loss"] == points(original)["train/loss"])
    }
    #expect(try writer.store.identity("best") == copies.first { $0.spec.seed == 1 }?.id)
    // Back home the runs are there.
    #expect(try MLflowImport("\(folder.path)/out").importRuns(into: ours).known == 2)
    #expect(try ours.store.runs().count == 2)
  }

  @Test("imported runs that differ in more than their seeds are not one group")
  func groups() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/mlflow.db"
    try FileManager.default.copyItem(atPath: Golden.database, toPath: path)
    try DatabaseQueue(path: path).write {
      // Two seeds of one configuration, and a third run with another rate.
      try $0.execute(
        sql: """
          INSERT INTO experiments (experiment_id, name, lifecycle_stage) VALUES (9, 'g', 'active')
          """)
      for (number, rate) in [(1, "0.1"), (2, "0.1"), (3, "0.5")] {
        let id = String(repeating: "\(number)", count: 32)
        try $0.execute(
          sql: """
            INSERT INTO runs
              (run_uuid, status, start_time, end_time, lifecycle_stage, experiment_id)
            VALUES (?, 'FINISHED', 1000, 2000, 'active', 9)
            """, arguments: [id])
        try $0.execute(
          sql: """
            INSERT INTO params (key, value, run_uuid) VALUES ('lr', ?2, ?1), ('seed', ?3, ?1)
            """, arguments: [id, rate, "\(number)"])
        try $0.execute(
          sql: """
            INSERT INTO metrics (key, value, timestamp, run_uuid, step)
            VALUES ('test/accuracy', ?2, 1500, ?1, 7)
            """, arguments: [id, Double(number) / 4])
      }
    }
    let writer = try StoreWriter(home: folder.path, purpose: "a test")
    #expect(try MLflowImport(path).importRuns(of: ["g"], into: writer).added == 3)
    let table = try writer.store.query(
      "SELECT n, mean, configuration IS NULL FROM v_groups WHERE experiment = 'g' ORDER BY mean")
    #expect(
      table.rows == [
        [.integer(2), .number(0.375), .integer(0)], [.integer(1), .number(0.75), .integer(0)],
      ])
  }

  @Test("values of other types than MLflow writes are read as far as they can be")
  func oddTypes() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/mlflow.db"
    try FileManager.default.copyItem(atPath: Golden.database, toPath: path)
    try DatabaseQueue(path: path).write {
      try $0.execute(
        sql: """
          UPDATE runs SET name = x'ff41', start_time = 'yesterday', end_time = 1.5e300;
          UPDATE metrics SET value = 'much' WHERE key = 'test/f1';
          UPDATE metrics SET key = x'61', step = 'first' WHERE key = 'eval_accuracy';
          UPDATE params SET value = x'fe' WHERE key = 'layers';
          """)
    }
    let writer = try StoreWriter(home: folder.path, purpose: "a test")
    #expect(try MLflowImport(path).importRuns(into: writer).added == 2)
    let run = try writer.store.run(Self.first)
    #expect(points(run)["a"] == ["0 0.625"] && points(run)["test/f1"] == ["5 0.0"])

    try DatabaseQueue(path: path).write {
      try $0.execute(
        sql: "UPDATE metrics SET step = 9223372036854775807 WHERE key = 'odd' AND step = 3")
    }
    let other = try StoreWriter(home: "\(folder.path)/other", purpose: "a test")
    let error = #expect(throws: ExchangeError.self) {
      try MLflowImport(path).importRuns(into: other)
    }
    #expect(error?.description.contains("'odd'") == true)
    #expect(error?.description.contains("step 9223372036854775807") == true)
  }

  @Test("an imported experiment makes room for a plan of its name, and no plan touches its runs")
  func names() throws {
    let folder = try TemporaryFolder()
    let writer = try StoreWriter(home: folder.path, purpose: "a test")
    let source = try MLflowImport(Golden.database)
    _ = try source.importRuns(into: writer)
    let before = try writer.store.run(Self.first)
    let own = EnrolledRun(
      id: RunID(rawValue: String(repeating: "e", count: 64)), spec: before.spec)
    try writer.enrol([own], experiment: "glue sweep/1")
    #expect(try writer.store.frozenRuns(experiment: "glue sweep/1").map(\.id) == [own.id])
    #expect(try writer.store.frozenRuns(experiment: "mlflow-glue sweep/1").count == 2)
    #expect(try writer.store.run(Self.first).state == before.state)
    #expect(try source.importRuns(into: writer).known == 2)
    // New runs find their experiment under its new name.
    let newer = try TemporaryFolder()
    let copy = "\(newer.path)/mlflow.db"
    try FileManager.default.copyItem(atPath: Golden.database, toPath: copy)
    try DatabaseQueue(path: copy).write { database in
      try database.execute(
        sql: """
          INSERT INTO runs SELECT replace(run_uuid, '0123', '9999'), 'third', source_type,
            source_name, entry_point_name, user_id, status, start_time, end_time, source_version,
            lifecycle_stage, artifact_uri, experiment_id, deleted_time
          FROM runs WHERE name = 'first'
          """)
    }
    #expect(try MLflowImport(copy).importRuns(into: writer).added == 1)
    #expect(try writer.store.frozenRuns(experiment: "mlflow-glue sweep/1").count == 3)
  }

  @Test("older tables are read as far as they go; what is none of MLflow's is refused")
  func layouts() throws {
    let folder = try TemporaryFolder()
    let old = "\(folder.path)/old.db"
    try DatabaseQueue(path: old).write { database in
      try database.execute(
        sql: """
          CREATE TABLE experiments (experiment_id INTEGER, name TEXT);
          CREATE TABLE runs (run_uuid TEXT, experiment_id INTEGER, status TEXT, start_time INTEGER,
            end_time INTEGER);
          CREATE TABLE metrics (key TEXT, value REAL, timestamp INTEGER, run_uuid TEXT);
          CREATE TABLE params (key TEXT, value TEXT, run_uuid TEXT);
          CREATE TABLE tags (key TEXT, value TEXT, run_uuid TEXT);
          INSERT INTO experiments VALUES (1, 'old');
          INSERT INTO runs VALUES ('not a number', 1, 'FINISHED', 1000, 3000);
          INSERT INTO metrics VALUES ('loss', 2, 1000, 'not a number'),
            ('loss', 1, 2000, 'not a number');
          """)
    }
    let writer = try StoreWriter(home: folder.path, purpose: "a test")
    #expect(try MLflowImport(old).importRuns(into: writer).added == 1)
    let run = try #require(try writer.store.frozenRuns(experiment: "old").first)
    #expect(run.id.rawValue.count == 64)
    #expect(points(run) == ["loss": ["0 2.0", "1 1.0"]])

    #expect(throws: ExchangeError.unknownExperiment(name: "new", known: ["old"])) {
      try MLflowImport(old).importRuns(of: ["new"], into: writer)
    }
    try folder.write(
      "no database, but longer than a header of one would be: \(longText)", to: "x.db")
    for path in ["x.db", "store.sqlite", "."] {
      let error = #expect(throws: ExchangeError.self) {
        try MLflowImport("\(folder.path)/\(path)")
      }
      #expect(error?.description.contains("is no database of MLflow") == true)
    }
    try DatabaseQueue(path: old).write {
      try $0.execute(sql: "ALTER TABLE runs DROP COLUMN status")
    }
    let error = #expect(throws: ExchangeError.self) { try MLflowImport(old) }
    #expect(error?.description.contains("mlflow db upgrade") == true)
  }

  @Test("names are made acceptable and kept apart")
  func metricNames() {
    var names = MLflowNames()
    #expect(names.name(for: "train/loss") == "train/loss")
    #expect(names.name(for: "a,b") == "a_b")
    #expect(names.name(for: "a;b") == "a_b_2")
    #expect(names.name(for: "a,b") == "a_b")
    #expect(names.name(for: "/../x//y/") == "x/y")
    #expect(names.name(for: "") == "_")
    #expect(names.name(for: String(repeating: "n", count: 400)).count == 250)
  }
}
