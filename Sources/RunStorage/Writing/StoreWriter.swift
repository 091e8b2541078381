import Experiments
public import Foundation
import GRDB

/// The one writer of a home's store: whoever has it holds the home's lock until it is released.
///
/// **Ownership.** Workers never write here; they append to journals, which `fold` takes in.
/// **Immutability.** A succeeded run changes only by `reset`.
public struct StoreWriter: Sendable {
  /// The same store for reading.
  public let store: RunStore
  /// What opening it changed of an older file; `nil`: nothing.
  public let upgrade: StoreUpgrade?
  let pool: DatabasePool
  /// What time it is; it may go backwards.
  private let clock: @Sendable () -> Date
  private let lock: StoreLock

  /// Takes the lock, opens the store, creates it where it is missing, brings its layout up to date.
  ///
  /// - Parameters:
  ///   - purpose: what others are told is running: the experiment's name.
  ///   - clock: tells the time.
  /// - Throws: `inUse` at once where another process is the writer.
  public init(
    home: String, purpose: String, clock: @escaping @Sendable () -> Date = { Date() }
  ) throws(StoreError) {
    try self.init(
      home: home, purpose: purpose, migrations: StoreSchema.migrations, clock: clock)
  }

  init(
    home: String, purpose: String, migrations: [StoreSchema.Migration],
    clock: @escaping @Sendable () -> Date = { Date() }
  ) throws(StoreError) {
    self.clock = clock
    do {
      try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
    } catch {
      throw .readOnly(path: StoreOpening.path(home: home))
    }
    lock = try StoreLock(home: home, experiment: purpose)
    (pool, upgrade) = try StoreOpening.writer(home: home, migrations: migrations)
    store = RunStore(home: home, database: pool)
    try takeInbox()
  }

  /// Moves everything from the write-ahead log into the file, as far as readers permit.
  public func checkpoint() throws(StoreError) {
    do {
      _ = try pool.writeWithoutTransaction { try $0.checkpoint(.passive) }
    } catch {
      throw StoreError(error, path: StoreOpening.path(home: store.home))
    }
  }

  /// Now, as the record has times.
  var now: String { StoredJSON.text(clock()) }

  /// Carries out `body` as one transaction.
  func writing<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
    do {
      return try pool.write(body)
    } catch {
      throw StoreError(error, path: StoreOpening.path(home: store.home))
    }
  }
}

/// The row number of a run.
func runKey(_ id: RunID, _ database: Database) throws -> Int64 {
  guard
    let key = try Int64.fetchOne(
      database.cachedStatement(sql: "SELECT key FROM run WHERE id = ?"), arguments: [id.rawValue])
  else { throw StoreError.unknownRun(text: id.short) }
  return key
}
