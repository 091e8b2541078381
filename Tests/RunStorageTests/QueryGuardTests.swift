import DeptTesting
import Experiments
import Foundation
import GRDB
import RunStorage
import Testing

@Suite("A query of a user")
struct QueryGuardTests {
  private let folder: TemporaryFolder
  private let store: RunStore

  init() throws {
    folder = try TemporaryFolder()
    let writer = try StoreWriter(home: folder.path, purpose: "t")
    try writer.enrol([enrolled(1), enrolled(2)], experiment: "e")
    store = try RunStore(home: folder.path)
  }

  @Test(
    "may do what only reads the store",
    arguments: [
      "SELECT count(*) FROM v_runs", "VALUES (1), (2)", "SELECT name FROM sqlite_schema",
      "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 9) SELECT i FROM n",
      "SELECT name FROM pragma_table_info('run')", "SELECT * FROM pragma_user_version",
      "SELECT value FROM json_each('[1,2]')",
      "SELECT seed, row_number() OVER (ORDER BY seed) FROM run",
      "SELECT upper(id) || printf('%.2f', avg(seed)) FROM run GROUP BY id",
    ])
  func allowed(sql: String) throws {
    #expect(try !store.query(sql).rows.isEmpty)
  }

  @Test(
    "is refused what would do more, in words",
    arguments: [
      ("SELECT load_extension('x')", "load_extension"),
      ("SELECT readfile('x')", "no such function"),
      ("SELECT * FROM pragma_wal_checkpoint('TRUNCATE')", "checkpoint"),
      ("SELECT * FROM pragma_optimize", "optimize"),
      ("SELECT * FROM pragma_user_version(7)", "user_version"),
    ])
  func refused(sql: String, words: String) {
    #expect {
      try store.query(sql)
    } throws: { "\($0)".contains(words) }
  }

  @Test("is refused a function that only the guard forbids")
  func onlyTheGuard() throws {
    // Without a guard this works in a connection that only reads.
    let sql = "SELECT sqlite_log(0, 'x') IS NULL"
    let plain = try DatabaseQueue(path: folder.path + "/store.sqlite")
    #expect(try plain.read { try Bool.fetchOne($0, sql: sql) } == true)
    #expect(throws: StoreError.forbidden(what: "the function sqlite_log")) {
      try store.query(sql)
    }
  }

  @Test("is stopped when its time is over, and the store answers the next")
  func time() throws {
    let endless = """
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n
      """
    #expect(throws: StoreError.slowQuery(seconds: 0.1)) {
      try store.query(endless, seconds: 0.1)
    }
    #expect(try store.query("SELECT count(*) FROM run").rows == [[.integer(2)]])
  }

  @Test("cannot fill the memory with one value")
  func size() {
    #expect {
      try store.query("SELECT length(zeroblob(500000000))")
    } throws: { "\($0)".contains("too big") }
  }

  @Test("hands rows over as they come, for as long as they are wanted")
  func stream() throws {
    var seen: [JSONValue] = []
    let columns = try store.query(
      "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n",
      seconds: 30, begin: { _ in }
    ) { row in
      seen += row
      return seen.count < 3
    }
    #expect(columns == ["i"])
    #expect(seen == [.integer(1), .integer(2), .integer(3)])
  }
}
