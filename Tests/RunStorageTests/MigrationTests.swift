import DeptTesting
import Experiments
import Foundation
import GRDB
import Testing

@testable import RunStorage

@Suite("Migrating a store")
struct MigrationTests {
  private let folder: TemporaryFolder
  private var home: String { folder.path }
  private var path: String { home + "/store.sqlite" }

  init() throws {
    folder = try TemporaryFolder()
    try OldStore.make(at: folder.path)
  }

  private func bytes() throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }

  @Test("is not needed for reading an older one, which stays as it is")
  func reading() throws {
    let before = try bytes()
    let store = try RunStore(home: home)
    #expect(try store.list().map(\.seed) == [1])
    #expect(try store.query("SELECT configuration FROM v_runs").rows[0][0] != .null)
    #expect(throws: StoreError.self) { try store.query("DELETE FROM run") }
    #expect(try bytes() == before)
    #expect(try FileManager.default.contentsOfDirectory(atPath: home) == ["store.sqlite"])
  }

  @Test("keeps a backup of the old layout and all that was in it")
  func backup() throws {
    let writer = try StoreWriter(home: home, purpose: "t")
    let upgrade = try #require(writer.upgrade)
    #expect(upgrade.from == 3 && upgrade.to == StoreSchema.version)
    #expect(try writer.store.list().map(\.experiment) == ["e"])
    let copies = StoreBackup.all(home: home)
    #expect(copies.map(\.path) == [upgrade.backup])
    #expect(copies.map(\.layout) == [3])
    let copy = try DatabaseQueue(path: upgrade.backup)
    #expect(try copy.read { try Int.fetchOne($0, sql: "PRAGMA user_version") } == 3)
    #expect(try copy.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM run") } == 1)
  }

  @Test("happens once")
  func once() throws {
    _ = try StoreWriter(home: home, purpose: "t")
    #expect(try StoreWriter(home: home, purpose: "t").upgrade == nil)
    #expect(StoreBackup.all(home: home).count == 1)
  }

  @Test("that fails half-way leaves the store as it was")
  func failure() throws {
    let failing: [StoreSchema.Migration] =
      StoreSchema.migrations + [
        { database in
          try database.execute(
            sql: """
              CREATE TABLE half_done (x); DELETE FROM experiment_run; DROP TABLE metric_tail;
              INSERT INTO nowhere VALUES (1)
              """)
        }
      ]
    #expect {
      try StoreWriter(home: home, purpose: "t", migrations: failing)
    } throws: { error in
      guard case StoreError.migration(_, 3, StoreSchema.version + 1, _) = error else {
        return false
      }
      return "\(error)".contains("no such table: nowhere") && "\(error)".contains("as it was")
    }
    let file = try DatabaseQueue(path: path)
    try file.read { (database: Database) throws in
      #expect(try Int.fetchOne(database, sql: "PRAGMA user_version") == 3)
      #expect(try !database.tableExists("half_done"))
      #expect(try database.tableExists("metric_tail"))
      #expect(try !database.columns(in: "run").map(\.name).contains("configuration"))
      #expect(try Int.fetchOne(database, sql: "SELECT count(*) FROM experiment_run") == 1)
    }
    try file.close()
    #expect(try StoreWriter(home: home, purpose: "t").store.list().count == 1)
  }

  @Test("keeps the backup that it made, though there are three of later layouts")
  func broughtBack() throws {
    for second in 0..<3 {
      try Data("later".utf8).write(
        to: URL(fileURLWithPath: "\(home)/store.sqlite.backup-9-20260101T00000\(second)Z"))
    }
    let backup = try #require(StoreWriter(home: home, purpose: "t").upgrade).backup
    #expect(FileManager.default.fileExists(atPath: backup))
    #expect(StoreBackup.all(home: home).count == 4)
  }

  @Test("keeps the newest three backups, whatever the clock said")
  func pruning() throws {
    for name in ["1-20990101T000000Z", "2-20260101T000000Z", "2-20260101T000000Z-2", "x", "3"] {
      try Data(name.utf8).write(
        to: URL(fileURLWithPath: "\(home)/store.sqlite.backup-\(name)"))
    }
    let writer = try StoreWriter(home: home, purpose: "t")
    let backup = try #require(writer.upgrade).backup
    #expect(
      StoreBackup.all(home: home).map(\.path) == [
        backup, "\(home)/store.sqlite.backup-2-20260101T000000Z-2",
        "\(home)/store.sqlite.backup-2-20260101T000000Z",
      ])
    // What is not named like a backup is not ours to remove.
    #expect(FileManager.default.fileExists(atPath: "\(home)/store.sqlite.backup-x"))
  }

  @Test("gives runs that differ in their seeds only one configuration")
  func configurations() throws {
    let writer = try StoreWriter(home: home, purpose: "t")
    try writer.enrol([enrolled(2), enrolled(3), enrolled(4, method: "pt")], experiment: "f")
    let table = try writer.store.query(
      "SELECT group_concat(seed) FROM v_runs GROUP BY configuration ORDER BY 1")
    #expect(table.rows == [[.string("1,2,3")], [.string("4")]])
  }

  @Test("makes a copy while the store is written to, and no other over a file that exists")
  func copy() throws {
    let writer = try StoreWriter(home: home, purpose: "t")
    try writer.enrol([enrolled(7), enrolled(8)], experiment: "f")
    let copy = folder.path + "/copied"
    try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: true)
    try writer.store.backUp(to: copy + "/store.sqlite")
    #expect(try FileManager.default.contentsOfDirectory(atPath: copy) == ["store.sqlite"])
    #expect(try RunStore(home: copy).list().map(\.seed) == [1, 7, 8])
    #expect {
      try writer.store.backUp(to: copy + "/store.sqlite")
    } throws: { "\($0)".contains("choose another") }
    #expect {
      try writer.store.backUp(to: copy + "/none/store.sqlite")
    } throws: { $0 is StoreError }
  }
}
