public import Experiments
import Foundation
import GRDB

/// What was found when everything in a store was read.
public struct StoreCheck: Hashable, Sendable, Codable {
  /// How much of a table could be read.
  public struct Table: Hashable, Sendable, Codable {
    /// Rows read before the first that could not be.
    public var rows: Int
    /// Whether these are all.
    public var whole: Bool
  }

  public var path: String
  /// The file's layout; 0 where that cannot be told.
  public var layout = 0
  /// What is wrong, one sentence each.
  public var faults: [String] = []
  /// What is odd and no fault.
  public var remarks: [String] = []
  public var tables: [String: Table] = [:]
  /// What to do; `nil` where nothing is wrong.
  public var remedy: String?
  /// Whether nothing is wrong.
  public var whole: Bool { faults.isEmpty }

  /// Reads all of a home's store, whatever its layout, and changes nothing.
  ///
  /// - Parameter journal: the path of the journal of an attempt of a run.
  /// - Throws: where there is no store, or it is not ours.
  public init(home: String, journal: (RunID, Int) -> String) throws(StoreError) {
    path = StoreOpening.path(home: home)
    do {
      let file = try StoreOpening.plainReader(path)
      layout = try StoreOpening.layout(file, path: path)
      // Each look by itself: what one cannot read, another may.
      look(file) { try $0.lookAtPages($1) }
      look(file) { try $0.lookAtReferences($1) }
      let names = try file.read { database in
        try String.fetchAll(
          database,
          sql: """
            SELECT name FROM sqlite_schema
            WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name
            """)
      }
      for name in names { look(file) { try $0.readTable(name, $1) } }
      if layout == StoreSchema.version {
        look(file) { try $0.lookAtPoints($1) }
        look(file) { try $0.lookAtJournals($1, journal) }
      }
    } catch {
      let failure = StoreError(error, path: path)
      guard case .corrupt(_, let detail) = failure else { throw failure }
      add(fault: "the file cannot be read as a database: \(detail)")
    }
    if !faults.isEmpty { remedy = Self.remedy(home: home, path: path) }
  }

  mutating func add(fault: String) {
    if !faults.contains(fault) { faults.append(fault) }
  }

  private mutating func look(
    _ file: any DatabaseReader, _ body: (inout StoreCheck, Database) throws -> Void
  ) {
    do {
      try file.read { try body(&self, $0) }
    } catch let error as DatabaseError {
      add(fault: "a page cannot be read: \(error.message ?? "\(error.resultCode)")")
    } catch {
      add(fault: "\(error)")
    }
  }

  private mutating func lookAtPages(_ database: Database) throws {
    for line in try String.fetchAll(database, sql: "PRAGMA integrity_check(20)")
    where line != "ok" {
      add(fault: line.replacing("\n", with: "; "))
    }
  }

  private mutating func lookAtReferences(_ database: Database) throws {
    for row in try Row.fetchAll(
      database,
      sql: """
        SELECT "table", parent, count(*) FROM pragma_foreign_key_check GROUP BY "table", parent
        """)
    {
      let (table, parent, count): (String, String, Int) = (row[0], row[1], row[2])
      add(fault: "\(count) rows of \(table) refer to rows of \(parent) that are not there")
    }
  }

  private mutating func readTable(_ name: String, _ database: Database) throws {
    var table = Table(rows: 0, whole: false)
    defer { tables[name] = table }
    let rows = try Row.fetchCursor(database, sql: "SELECT * FROM \(name.quotedDatabaseIdentifier)")
    while try rows.next() != nil { table.rows += 1 }
    table.whole = true
  }

  private mutating func lookAtJournals(
    _ database: Database, _ journal: (RunID, Int) -> String
  ) throws {
    var missing = 0
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT run.id, attempt.n, attempt.journal_offset FROM attempt
        JOIN run ON run.key = attempt.run WHERE attempt.journal_offset > 0
        """)
    while let row = try rows.next() {
      let (id, number, offset): (String, Int, Int) = (row[0], row[1], row[2])
      let file = journal(RunID(rawValue: id), number)
      guard access(file, F_OK) == 0 else {
        missing += 1
        continue
      }
      let size = StoreOpening.fileSize(file)
      if size < offset {
        add(
          fault: "the journal \(file) ends at byte \(size), but \(offset) bytes of it were taken in"
        )
      }
    }
    if missing > 0 {
      remarks.append("\(missing) journals are gone; what they said is in the store")
    }
  }

  private static func remedy(home: String, path: String) -> String {
    let away = "move \(path) away and run again: the journals in runs/ are kept"
    guard let newest = StoreBackup.all(home: home).first else {
      return "restore a copy of your own if you have one, or \(away)"
    }
    return "copy the backup \(newest.path) over it (of \(newest.time)), or \(away)"
  }
}
