import DeptTesting
import Experiments
import Foundation
import GRDB
import Testing

@testable import RunStorage

@Suite("A store of layout 3 with points")
struct PointMigrationTests {
  private let folder: TemporaryFolder
  private let run = enrolled(1)

  init() throws { folder = try TemporaryFolder() }

  private static func value(_ step: Int) -> Double { sin(Double(step)) + 1 / Double(step) }

  /// A running attempt with `chunks` chunks of 512 points and a tail of 100, as it was left then.
  private func make(chunks: Int) throws {
    let queue = try DatabaseQueue(path: folder.path + "/store.sqlite")
    try queue.write { database in
      for migration in StoreSchema.migrations[..<3] { try migration(database) }
      try database.execute(
        sql: "PRAGMA application_id = \(StoreSchema.applicationID); PRAGMA user_version = 3")
      try database.execute(
        sql: """
          INSERT INTO run VALUES (1, ?, 't5-base', 'mrpc', 'dept', 1, ?, 'running', 7, 70, ?,
            NULL);
          INSERT INTO attempt (run, n, pid, process_start, boot_id, host, state, started_at)
            VALUES (1, 1, 1, 1, '', '', 'running', '');
          INSERT INTO metric VALUES (1, 'train/loss')
          """,
        arguments: [
          run.id.rawValue, try StoredJSON.text(run.spec), try StoredJSON.text(RunProvenance()),
        ])
      for number in 0..<chunks {
        let steps = (number * 512 + 1...number * 512 + 512).map { $0 }
        let values = steps.map(Self.value)
        try database.execute(
          sql: """
            INSERT INTO metric_chunk
              (run, metric, first_step, last_step, count, min, max, last, data)
            VALUES (1, 1, ?, ?, 512, ?, ?, ?, ?)
            """,
          arguments: [
            steps[0], steps[511], values.min(), values.max(), values[511],
            earlierChunk(steps: steps, values: values),
          ])
      }
      for step in chunks * 512 + 1...chunks * 512 + 100 {
        try database.execute(
          sql: "INSERT INTO metric_tail VALUES (1, 1, ?, ?)", arguments: [step, Self.value(step)])
      }
      let last = chunks * 512 + 100
      let all = (1...last).map(Self.value)
      try database.execute(
        sql: "INSERT INTO metric_summary VALUES (1, 1, ?, ?, ?, ?, ?)",
        arguments: [last, last, all[last - 1], all.min(), all.max()])
    }
    try queue.close()
  }

  @Test("is read as it was, drawn as it was, and goes on", arguments: [0, 1, 20])
  func migration(chunks: Int) throws {
    try make(chunks: chunks)
    let writer = try StoreWriter(home: folder.path, purpose: "t")
    let count = chunks * 512 + 100
    func curve() throws -> [MetricPoint] {
      try writer.store.run(run.id.rawValue).curves["train/loss"] ?? []
    }
    func expected(_ steps: Int) -> [MetricPoint] {
      (1...steps).map { MetricPoint(step: $0, name: "train/loss", value: Self.value($0)) }
    }
    #expect(try curve() == expected(count))
    let history = try writer.store.history(of: [run.id], metric: "train/loss", pixels: 10)[0]
    #expect(history.columns.count == 10)
    #expect(history.columns.reduce(0) { $0 + $1.points } == count)
    #expect(history.columns.map(\.min).min() == expected(count).map(\.value).min())
    let path = try journal(
      folder,
      (count + 1...count + 3000).map { point($0, Self.value($0)) } + [.succeeded(summary)])
    _ = try writer.fold(run.id, attempt: 1, journal: path)
    #expect(try curve() == expected(count + 3000))
    #expect(try writer.store.run(run.id.rawValue).state == .succeeded)
    #expect(try writer.store.query("SELECT count(*) FROM metric_tail").rows == [[.integer(0)]])
  }
}
