import DeptTesting
import Experiments
import Foundation
import GRDB
import RunStorage
import Synchronization
import Testing

@Suite("Opening a store")
struct StoreOpeningTests {
  private let folder: TemporaryFolder
  private var home: String { folder.path }
  private var path: String { home + "/store.sqlite" }

  init() throws { folder = try TemporaryFolder() }

  /// Makes a store with one run and lets go of it.
  private func make() throws {
    let writer = try StoreWriter(home: home, purpose: "test")
    try writer.enrol([enrolled(1)], experiment: "e")
  }

  private func sqlite(_ sql: String) throws {
    try DatabaseQueue(path: path).writeWithoutTransaction { try $0.execute(sql: sql) }
  }

  @Test("for reading where there is none says so and creates nothing")
  func missing() throws {
    #expect(throws: StoreError.missing(path: path)) { try RunStore(home: home) }
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test("that was killed while it was made is as good as none, and goes on")
  func unmade() throws {
    for sql in ["PRAGMA user_version = 0", "PRAGMA auto_vacuum = 2; PRAGMA journal_mode = WAL"] {
      try sqlite(sql)
      #expect(throws: StoreError.missing(path: path)) { try RunStore(home: home) }
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)).count > 0)
    try make()
    #expect(try RunStore(home: home).experiments() == ["e"])
  }

  @Test("for writing creates it, and a second time finds what was written")
  func creation() throws {
    try make()
    #expect(try RunStore(home: home).experiments() == ["e"])
    try make()
    #expect(try RunStore(home: home).runs().count == 1)
  }

  @Test("that belongs to another program is refused, and left as it is")
  func foreign() throws {
    try sqlite("CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1)")
    let before = try Data(contentsOf: URL(fileURLWithPath: path))
    #expect(throws: StoreError.foreign(path: path)) { try RunStore(home: home) }
    #expect(throws: StoreError.foreign(path: path)) { try StoreWriter(home: home, purpose: "t") }
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
  }

  @Test("that another program keeps in WAL mode is refused, and nothing appears beside it")
  func foreignLog() throws {
    try sqlite("PRAGMA journal_mode = WAL; CREATE TABLE theirs (x); PRAGMA application_id = 7")
    for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
    let before = try Data(contentsOf: URL(fileURLWithPath: path))
    #expect(throws: StoreError.foreign(path: path)) { try RunStore(home: home) }
    #expect(throws: StoreError.foreign(path: path)) { try StoreWriter(home: home, purpose: "t") }
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    let names = try FileManager.default.contentsOfDirectory(atPath: home)
    #expect(Set(names).subtracting(["store.lock"]) == ["store.sqlite"])
  }

  @Test("with a newer layout is read as it is, and not written to")
  func newer() throws {
    try make()
    try sqlite(
      """
      PRAGMA journal_mode = DELETE; ALTER TABLE run ADD COLUMN colour TEXT; PRAGMA user_version = 99
      """)
    let before = try Data(contentsOf: URL(fileURLWithPath: path))
    let store = try RunStore(home: home)
    #expect(try store.runs().count == 1)
    #expect(try store.list().count == 1)
    #expect(try store.query("SELECT id FROM v_runs").rows.count == 1)
    #expect {
      try StoreWriter(home: home, purpose: "t")
    } throws: { "\($0)".contains("99") && "\($0)".contains("update dept") }
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
  }

  @Test("with a newer layout that lacks a column this version reads is refused")
  func incompatible() throws {
    try make()
    try sqlite("ALTER TABLE run_summary DROP COLUMN training_seconds; PRAGMA user_version = 99")
    #expect {
      try RunStore(home: home)
    } throws: { error in
      if case StoreError.newer(_, 99, _) = error { true } else { false }
    }
  }

  @Test("that is no database, or a damaged one, says so", arguments: [0, 100, 5000])
  func corrupt(offset: Int) throws {
    try make()
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try file.seek(toOffset: UInt64(offset))
    try file.write(contentsOf: Data(repeating: 0x5a, count: 30_000))
    try file.close()
    #expect {
      let store = try RunStore(home: home)
      _ = try store.runs()
      _ = try StoreWriter(home: home, purpose: "t").openAttempts()
    } throws: { error in
      if case StoreError.corrupt = error { true } else { false }
    }
  }

  @Test("whose writer was killed half-way is brought back to what was committed")
  func hotJournal() throws {
    try make()
    let other = folder.path + "/killed"
    try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
    var configuration = Configuration()
    configuration.prepareDatabase {
      try $0.execute(sql: "PRAGMA journal_mode = DELETE; PRAGMA cache_size = 1")
    }
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    try queue.writeWithoutTransaction { database in
      try database.execute(sql: "BEGIN; CREATE TABLE filler (x)")
      for _ in 0..<200 {
        try database.execute(sql: "INSERT INTO filler VALUES (randomblob(4000))")
      }
      // What lies on the disk now is what a killed process leaves.
      for name in ["store.sqlite", "store.sqlite-journal"] {
        try FileManager.default.copyItem(atPath: "\(home)/\(name)", toPath: "\(other)/\(name)")
      }
      try database.execute(sql: "ROLLBACK")
    }
    #expect(try RunStore(home: other).experiments() == ["e"])
    _ = try StoreWriter(home: other, purpose: "t")
    #expect(try RunStore(home: other).runs().count == 1)
  }

  @Test("whose writer was killed finds what it had committed, with its log only")
  func leftLog() throws {
    let other = folder.path + "/killed"
    try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
    let writer = try StoreWriter(home: home, purpose: "test")
    try writer.enrol([enrolled(1), enrolled(2)], experiment: "e")
    // What lies on the disk now is what a killed process leaves.
    for name in ["store.sqlite", "store.sqlite-wal"] {
      try FileManager.default.copyItem(atPath: "\(home)/\(name)", toPath: "\(other)/\(name)")
    }
    #expect(try RunStore(home: other).list().map(\.seed) == [1, 2])
    #expect(try StoreWriter(home: other, purpose: "t").store.runs().count == 2)
  }

  @Test("whose clock went back lists plans and runs in the order they were made")
  func clock() throws {
    do {
      let writer = try StoreWriter(home: home, purpose: "test")
      try writer.enrol([enrolled(1)], experiment: "old")
      try writer.enrol([enrolled(2)], experiment: "new")
    }
    try sqlite(
      """
      UPDATE experiment SET planned_at = '2099-01-01T00:00:00.000Z',
        created_at = '2099-01-01T00:00:00.000Z' WHERE name = 'old'
      """)
    let writer = try StoreWriter(home: home, purpose: "test")
    #expect(try writer.store.experiments() == ["new", "old"])
    try writer.enrol([enrolled(1)], experiment: "newest")
    #expect(try writer.store.experiments() == ["newest", "new", "old"])
    #expect(try writer.store.list().map(\.experiment) == ["newest", "new"])
    #expect(try writer.store.list().map(\.seed) == [1, 2])
  }

  @Test("by a second writer says who is the first, and works once that is gone")
  func secondWriter() throws {
    do {
      let first = try StoreWriter(home: home, purpose: "sweep")
      #expect(
        throws: StoreError.inUse(home: home, pid: Int(getpid()), experiment: "sweep")
      ) { try StoreWriter(home: home, purpose: "other") }
      #expect(try first.store.experiments().isEmpty)
    }
    _ = try StoreWriter(home: home, purpose: "other")
  }

  @Test("by a writer that is turned away closes nothing of others")
  func turnedAway() throws {
    let first = try StoreWriter(home: home, purpose: "sweep")
    let isOver = Atomic(false)
    let stolen = Atomic(0)
    // Threads whose files get the numbers that are just given back.
    DispatchQueue.concurrentPerform(iterations: 4) { thread in
      if thread == 0 {
        for _ in 0..<8 {
          #expect(throws: StoreError.inUse(home: home, pid: Int(getpid()), experiment: "sweep")) {
            try StoreWriter(home: home, purpose: "other")
          }
        }
        isOver.store(true, ordering: .relaxed)
      }
      while !isOver.load(ordering: .relaxed) {
        let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
        usleep(300)
        if close(descriptor) != 0 { stolen.add(1, ordering: .relaxed) }
      }
    }
    #expect(stolen.load(ordering: .relaxed) == 0)
    #expect(try first.store.experiments().isEmpty)
  }

  @Test("for reading works while it is written to, and sees what is committed")
  func readersBesideTheWriter() throws {
    let writer = try StoreWriter(home: home, purpose: "sweep")
    let reader = try RunStore(home: home)
    try writer.enrol([enrolled(1), enrolled(2)], experiment: "e")
    #expect(try reader.frozenRuns(experiment: "e").count == 2)
  }

  @Test("by a name with characters that mean something in addresses works")
  func oddNames() throws {
    let odd = home + "/50% of? #1"
    let writer = try StoreWriter(home: odd, purpose: "t")
    try writer.enrol([enrolled(1)], experiment: "e")
    #expect(try RunStore(home: odd).runs().count == 1)
  }

  @Test("that lost all it had to a loss of power is as good as none, and is made anew")
  func empty() throws {
    // What is left of a new store whose log never reached the disk: a page without a table.
    try sqlite("PRAGMA auto_vacuum = INCREMENTAL; VACUUM; PRAGMA application_id = 0")
    #expect((try? Data(contentsOf: URL(fileURLWithPath: path)))?.isEmpty == false)
    #expect(throws: StoreError.missing(path: path)) { try RunStore(home: home) }
    try Data().write(to: URL(fileURLWithPath: path + "-wal"))
    #expect(throws: StoreError.missing(path: path)) { try RunStore(home: home) }
    try make()
    #expect(try RunStore(home: home).runs().count == 1)
  }
}
