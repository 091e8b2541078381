import DeptTesting
import Experiments
import Foundation
import GRDB
import Testing

@testable import RunStorage

@Suite("Checking a store")
struct StoreCheckTests {
  private let folder: TemporaryFolder
  private var home: String { folder.path }
  private var path: String { home + "/store.sqlite" }

  init() throws { folder = try TemporaryFolder() }

  private func make(_ points: Int = 3000) throws {
    let writer = try StoreWriter(home: home, purpose: "t")
    try writer.enrol((1...20).map { enrolled($0) }, experiment: "e")
    let attempt = try writer.begin(enrolled(1).id, process: .current)
    let events = (1...points).map { point($0, Double($0) + 0.1) } + [.succeeded(summary)]
    _ = try writer.fold(enrolled(1).id, attempt: attempt, journal: journal(folder, events))
  }

  private func check() throws -> StoreCheck {
    let file = "\(folder.path)/a.journal"
    return try StoreCheck(home: home) { _, _ in file }
  }

  private func sqlite(_ sql: String) throws {
    let queue = try DatabaseQueue(path: path)
    try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
    try queue.close()
  }

  @Test("finds nothing in a whole one, and counts")
  func whole() throws {
    try make()
    let found = try check()
    #expect(found.whole && found.faults == [] && found.remedy == nil)
    #expect(found.tables["run"] == StoreCheck.Table(rows: 20, whole: true))
    let info = try StoreInfo(home: home)
    #expect(info.runs == 20 && info.attempts == 1 && info.points == 3000 && info.network == nil)
    #expect(info.layout == info.supported && info.bytes > 0)
  }

  @Test("says what of a file with a destroyed page can still be read, and what to do")
  func destroyedPage() throws {
    try make(60_000)
    // The root of the table of points, overwritten with noise.
    let queue = try DatabaseQueue(path: path)
    try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
    let page = try queue.read { database in
      try Int.fetchOne(
        database, sql: "SELECT rootpage FROM sqlite_schema WHERE name = 'metric_chunk'") ?? 0
    }
    try queue.close()
    let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
    try file.seek(toOffset: UInt64((page - 1) * 4096))
    try file.write(contentsOf: Data(repeating: 0x5a, count: 4096))
    try file.close()
    let before = try Data(contentsOf: URL(fileURLWithPath: path))
    let found = try check()
    #expect(!found.whole)
    #expect(found.tables["run"] == StoreCheck.Table(rows: 20, whole: true))
    #expect(found.tables["metric_chunk"]?.whole == false)
    #expect(found.remedy?.contains("journals") == true)
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
  }

  @Test("of what is no database says so, and of another program's refuses")
  func noDatabase() throws {
    try Data(repeating: 0x5a, count: 9000).write(to: URL(fileURLWithPath: path))
    #expect(try check().faults.first?.contains("cannot be read as a database") == true)
    try FileManager.default.removeItem(atPath: path)
    #expect(throws: StoreError.missing(path: path)) { try check() }
    try sqlite("CREATE TABLE theirs (x)")
    #expect(throws: StoreError.foreign(path: path)) { try check() }
  }

  @Test("finds points that are no points, counts that are wrong and references to nothing")
  func contents() throws {
    try make()
    try sqlite(
      """
      PRAGMA foreign_keys = OFF;
      UPDATE metric_chunk SET data = x'ff00' WHERE key = (SELECT min(key) FROM metric_chunk);
      UPDATE metric_summary SET count = 7;
      INSERT INTO tag VALUES (999, 'nobody');
      """)
    let faults = try check().faults
    for words in ["no points that can be read", "summary counts 7", "rows of tag refer to"] {
      #expect(faults.contains { $0.contains(words) }, "\(faults)")
    }
  }

  @Test("finds a journal that is shorter than what was taken in of it")
  func journals() throws {
    try make()
    try Data("{}\n".utf8).write(to: URL(fileURLWithPath: folder.path + "/a.journal"))
    #expect(try check().faults.contains { $0.contains("ends at byte 3") })
    try FileManager.default.removeItem(atPath: folder.path + "/a.journal")
    let found = try check()
    #expect(found.whole && found.remarks.count == 1)
  }

  @Test("tells network file systems from local ones")
  func fileSystems() {
    let mounts = """
      22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
      40 22 0:50 / /data rw shared:9 - nfs4 server:/export rw,vers=4.2
      41 40 8:2 / /data/local rw - xfs /dev/sdb1 rw
      42 22 0:51 / /my\\040share rw - cifs //server/share rw
      a line that is none
      """
    for (path, name) in [
      ("/data/dept", "nfs4"), ("/data", "nfs4"), ("/data/local/x", nil), ("/database", nil),
      ("/my share/x", "cifs"), ("/", nil),
    ] {
      #expect(FileSystem.network(at: path, mounts: mounts) == name, "\(path)")
    }
  }
}
