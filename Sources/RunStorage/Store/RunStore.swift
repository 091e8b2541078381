public import Experiments
import GRDB

/// What reconciling has to know of a run.
public struct RunRecord: Hashable, Sendable {
  public var state: RunState
  /// Why it failed; `nil` unless it did.
  public var failure: RunFailure.Kind?
  /// The encoder rows that a part of a step had at the most in its newest attempt; `nil`: as usual.
  public var partRows: Int?
  /// The step at which it was given up for others of its group; `nil` unless it was.
  public var prunedStep: Int?
  /// Whether its newest attempt had too little memory.
  public var ranOutOfMemory: Bool
  /// The number of its newest attempt; 0 where there was none.
  public var attempts: Int

  public init(
    state: RunState, failure: RunFailure.Kind? = nil, partRows: Int? = nil, prunedStep: Int? = nil,
    ranOutOfMemory: Bool = false, attempts: Int = 0
  ) {
    self.attempts = attempts
    self.state = state
    self.failure = failure
    self.ranOutOfMemory = ranOutOfMemory
    self.partRows = partRows
    self.prunedStep = prunedStep
  }
}

/// The record of every experiment and run of a home, for reading: one SQLite file, `store.sqlite`.
///
/// **Readers never wait**: they see the last committed state while a scheduler writes.
/// **Derived state**: a run whose attempt says running but whose process is gone reads as `lost`.
public struct RunStore: Sendable {
  /// The folder the store lies in.
  public let home: String
  let database: any DatabaseReader

  /// Opens the store of `home`; nothing is created or changed.
  public init(home: String) throws(StoreError) {
    self.home = home
    database = try StoreOpening.reader(home: home)
  }

  init(home: String, database: any DatabaseReader) {
    self.home = home
    self.database = database
  }

  /// The names of all experiments, the newest plan first.
  public func experiments() throws(StoreError) -> [String] {
    try reading { database in
      try String.fetchAll(database, sql: "SELECT name FROM experiment ORDER BY plan_number DESC")
    }
  }

  /// The runs that the newest plan of an experiment lists, in its order.
  ///
  /// - Parameter curves: whether the points of every metric are read too.
  public func frozenRuns(
    experiment name: String, curves: Bool = true
  ) throws(StoreError) -> [FrozenRun] {
    try frozenRuns(experiment: name, curves: curves, "role = 'listed'")
  }

  /// The runs that the newest plan of an experiment does not list and others of it start from, in
  /// its order, without their points.
  public func sourceRuns(experiment name: String) throws(StoreError) -> [FrozenRun] {
    try frozenRuns(experiment: name, curves: false, "role = 'source'")
  }

  /// The runs that compete in searches of the newest plan of an experiment, winners included, in
  /// its order, without their points.
  public func candidateRuns(experiment name: String) throws(StoreError) -> [FrozenRun] {
    try frozenRuns(
      experiment: name, curves: false,
      "(role = 'search' OR json_extract(selection, '$.isCandidate'))")
  }

  private func frozenRuns(
    experiment name: String, curves: Bool, _ condition: String
  ) throws(StoreError) -> [FrozenRun] {
    try reading { database in
      guard
        let key = try Int64.fetchOne(
          database, sql: "SELECT key FROM experiment WHERE name = ?", arguments: [name])
      else {
        let known = try String.fetchAll(database, sql: "SELECT name FROM experiment ORDER BY name")
        throw StoreError.unknownExperiment(name: name, known: known)
      }
      return try FrozenRunReading(database: database, curves: curves).runs(
        sql: """
          SELECT run.*, experiment_run.selection AS selection FROM experiment_run
          JOIN run ON run.key = experiment_run.run
          WHERE experiment_run.experiment = ? AND experiment_run.wanted = 1
            AND \(condition) AND run.deleted_at IS NULL
          ORDER BY experiment_run.position
          """, arguments: [key], experiment: name)
    }
  }

  /// Every run, oldest first, without its points, as far as it fits.
  ///
  /// - Parameter deleted: whether deleted runs are listed instead.
  public func runs(
    where filter: RunFilter? = nil, deleted: Bool = false
  ) throws -> [FrozenRun] {
    let runs = try reading { database in
      try FrozenRunReading(database: database, curves: false).runs(
        sql: """
          SELECT * FROM run WHERE deleted_at IS \(deleted ? "NOT NULL" : "NULL") ORDER BY key
          """, arguments: [], experiment: nil)
    }
    guard let filter else { return runs }
    return try filter.matching(runs)
  }

  /// The run whose identity is, or begins with, `text`; its points are read too.
  public func run(_ text: String) throws(StoreError) -> FrozenRun {
    let id = try identity(text)
    return try reading { database in
      let runs = try FrozenRunReading(database: database, curves: true).runs(
        sql: "SELECT * FROM run WHERE id = ?", arguments: [id.rawValue], experiment: nil)
      guard let run = runs.first else { throw StoreError.unknownRun(text: text) }
      return run
    }
  }

  /// The identity of the run that `text` means: the name that a tag gave it, or some of its
  /// first digits.
  public func identity(_ text: String) throws(StoreError) -> RunID {
    try reading { database in
      let tagged = try String.fetchAll(
        database,
        sql: "SELECT run.id FROM tag JOIN run ON run.key = tag.run WHERE tag.name = ?",
        arguments: [text])
      if tagged.count > 1 { throw StoreError.ambiguousRun(text: text, matches: tagged.count) }
      if let id = tagged.first { return RunID(rawValue: id) }
      let digits = text.lowercased()
      guard !digits.isEmpty, digits.allSatisfy(\.isHexDigit) else {
        throw StoreError.unknownRun(text: text)
      }
      let found = try String.fetchAll(
        database, sql: "SELECT id FROM run WHERE substr(id, 1, ?) = ?",
        arguments: [digits.count, digits])
      guard let id = found.first else { throw StoreError.unknownRun(text: text) }
      if found.count > 1 { throw StoreError.ambiguousRun(text: text, matches: found.count) }
      return RunID(rawValue: id)
    }
  }

  /// The state of every run that the store knows, deleted ones included: what has succeeded is not
  /// repeated because it was hidden.
  public func records() throws(StoreError) -> [RunID: RunRecord] {
    try reading { database in
      var records: [RunID: RunRecord] = [:]
      let rows = try Row.fetchCursor(
        database,
        sql: """
          SELECT id, \(StoreSchema.shownState), failure_kind, part_rows, pruned_step,
            coalesce(attempt.n, 0)
          FROM run LEFT JOIN attempt ON attempt.run = run.key
            AND attempt.n = (SELECT max(n) FROM attempt WHERE run = run.key)
          """)
      while let row = try rows.next() {
        let state: String = row[1]
        let kind: String? = row[2]
        records[RunID(rawValue: row[0])] = RunRecord(
          state: RunState(rawValue: state) ?? .queued,
          failure: state == "failed" ? RunFailure.Kind(rawValue: kind ?? "") : nil,
          partRows: row[3], prunedStep: state == "pruned" ? row[4] : nil,
          ranOutOfMemory: kind == RunFailure.Kind.memory.rawValue, attempts: row[5])
      }
      return records
    }
  }

  /// The first fault that SQLite finds in the file's structure, in one line; `nil` where it is
  /// whole.
  public func integrityFault() throws(StoreError) -> String? {
    try reading { database in
      let verdict = try String.fetchOne(database, sql: "PRAGMA quick_check(1)")
      return verdict == "ok" ? nil : verdict?.replacing("\n", with: "; ")
    }
  }

  /// Carries out `body` on one consistent state of the store.
  func reading<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
    do {
      return try database.read(body)
    } catch {
      throw StoreError(error, path: StoreOpening.path(home: home))
    }
  }
}
