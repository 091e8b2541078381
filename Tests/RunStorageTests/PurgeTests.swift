import DeptTesting
import Experiments
import Foundation
import GRDB
import RunStorage
import Testing

@Suite("Purging a run")
struct PurgeTests {
  private let folder: TemporaryFolder
  private let runs = [enrolled(1), enrolled(2)]
  private var path: String { folder.path + "/store.sqlite" }

  init() throws { folder = try TemporaryFolder() }

  private func fill(_ writer: StoreWriter) throws {
    try writer.enrol(runs, experiment: "e")
    for (number, run) in runs.enumerated() {
      let attempt = try writer.begin(run.id, process: .current)
      let path = try journal(
        folder, "\(number)",
        (1...60_000).map { point($0, sin(Double($0)), "m\($0 % 3)") } + [.succeeded(summary)])
      _ = try writer.fold(run.id, attempt: attempt, journal: path)
      try writer.add([
        .note("n", on: .run(run.id)), .tag(run: run.id, name: "best \(number)"),
      ])
    }
  }

  private var fileSize: Int {
    get throws {
      try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
    }
  }

  @Test("leaves nothing of it and all of the others, and the file is shorter")
  func purge() throws {
    let writer = try StoreWriter(home: folder.path, purpose: "t")
    try fill(writer)
    try writer.shrink()
    let before = try fileSize
    let other = try writer.store.run(runs[1].id.rawValue)
    try writer.delete(runs[0].id)
    try writer.purge(runs[0].id)
    #expect(try writer.store.runs(deleted: true).isEmpty)
    #expect(try writer.store.run(runs[1].id.rawValue) == other)
    for table in [
      "metric_chunk", "metric_tail", "metric_summary", "run_summary", "attempt", "note", "tag",
      "experiment_run",
    ] {
      let rows = try writer.store.query("SELECT count(*) FROM \(table) WHERE run = 1").rows
      #expect(rows == [[.integer(0)]], "\(table)")
    }
    let freed = try writer.shrink()
    #expect(freed > before / 3)
    #expect(try fileSize <= before - freed)
    #expect(try writer.store.integrityFault() == nil)
    #expect(try writer.shrink() == 0)
    #expect(throws: StoreError.unknownRun(text: runs[0].id.short)) {
      try writer.purge(runs[0].id)
    }
  }

  @Test("that was broken off can be done again")
  func half() throws {
    let writer = try StoreWriter(home: folder.path, purpose: "t")
    try fill(writer)
    try DatabaseQueue(path: path).writeWithoutTransaction {
      try $0.execute(
        sql: """
          UPDATE run SET deleted_at = 'now' WHERE key = 1;
          DELETE FROM metric_summary WHERE run = 1;
          DELETE FROM metric_chunk WHERE run = 1 AND key % 2 = 0
          """)
    }
    #expect(try writer.store.run(runs[0].id.rawValue).curves.isEmpty)
    try writer.purge(runs[0].id)
    #expect(try writer.store.query("SELECT * FROM metric_chunk WHERE run = 1").rows.isEmpty)
  }

  @Test("from a store that cannot shrink leaves its pages for what comes next")
  func reused() throws {
    try DatabaseQueue(path: path).writeWithoutTransaction {
      // A page, and with it the way in which pages are kept.
      try $0.execute(
        sql: "CREATE TABLE t (x); DROP TABLE t; PRAGMA application_id = \(0x4465_5054)")
    }
    let writer = try StoreWriter(home: folder.path, purpose: "t")
    try fill(writer)
    try writer.shrink()
    let before = try fileSize
    try writer.purge(runs[0].id)
    #expect(try writer.shrink() == 0)
    #expect(try fileSize == before)
    let pages = try DatabaseQueue(path: path).read {
      try Int.fetchOne($0, sql: "PRAGMA freelist_count") ?? 0
    }
    #expect(pages * 4096 > before / 3)
  }
}
