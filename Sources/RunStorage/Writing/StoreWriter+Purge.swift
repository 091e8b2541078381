public import Experiments
import GRDB

extension StoreWriter {
  /// Removes a run for good: its points, attempts, results, notes and tags, and that plans list it.
  ///
  /// In pieces, so that memory and write-ahead log stay small however many points there are; until
  /// the last the run is a deleted one, and after a crash in between it can be purged again. The
  /// pages are used for what comes next; `shrink` gives them back to the disk.
  ///
  /// - Precondition: no process carries the run out.
  public func purge(_ id: RunID) throws(StoreError) {
    let key = try writing { database in try runKey(id, database) }
    try writing { database in
      try database.execute(
        sql: "UPDATE run SET deleted_at = coalesce(deleted_at, ?) WHERE key = ?",
        arguments: [StoredJSON.now(), key])
    }
    // First the summaries, which the views show: what is half gone must not be counted as whole.
    for table in ["metric_summary", "metric_tail"] {
      try writing { database in
        try database.execute(sql: "DELETE FROM \(table) WHERE run = ?", arguments: [key])
      }
    }
    var isLeft = true
    while isLeft {
      isLeft = try writing { database in
        try database.execute(
          sql: """
            DELETE FROM metric_chunk WHERE key IN
              (SELECT key FROM metric_chunk WHERE run = ? LIMIT 256)
            """, arguments: [key])
        return database.changesCount > 0
      }
    }
    try writing { database in
      try database.execute(sql: "DELETE FROM run WHERE key = ?", arguments: [key])
    }
  }

  /// Gives pages that nothing uses back to the disk, as far as readers permit.
  ///
  /// - Returns: the bytes by which the file is shorter; 0 for a store that an earlier version
  ///   made, whose free pages are used for what comes next.
  @discardableResult
  public func shrink() throws(StoreError) -> Int {
    var freed = 0
    do {
      try pool.writeWithoutTransaction { database in
        let isIncremental = try Int.fetchOne(database, sql: "PRAGMA auto_vacuum") == 2
        let size = try Int.fetchOne(database, sql: "PRAGMA page_size") ?? 0
        while isIncremental {
          let before = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
          try database.execute(sql: "PRAGMA incremental_vacuum(1024)")
          let after = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
          freed += (before - after) * size
          if after >= before { break }
        }
        _ = try database.checkpoint(.passive)
      }
      // Waits for readers as long as any writer does, and then leaves it for the next time.
      _ = try? pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }
    } catch {
      throw StoreError(error, path: StoreOpening.path(home: store.home))
    }
    return freed
  }
}
