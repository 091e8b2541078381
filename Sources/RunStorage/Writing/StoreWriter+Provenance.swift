public import Experiments
import Foundation
import GRDB

extension StoreWriter {
  /// Keeps what surrounds the runs of a call, unless it is there already.
  public func keep(_ record: ProvenanceRecord) throws(StoreError) {
    try writing { database in
      try database.execute(
        sql: "INSERT OR IGNORE INTO environment (hash, content) VALUES (?, ?)",
        arguments: [record.key, try StoredJSON.text(record.environment)])
      for (hash, bytes) in record.texts.sorted(by: { $0.key < $1.key }) {
        try database.execute(
          sql: "INSERT OR IGNORE INTO provenance_text (hash, content) VALUES (?, ?)",
          arguments: [hash, Data(bytes)])
      }
    }
  }
}

extension RunStore {
  /// What surrounded a run; `nil` where that was not recorded.
  public func environment(of run: FrozenRun) throws(StoreError) -> RunEnvironment? {
    guard let key = run.provenance.environment else { return nil }
    return try reading { database in
      try String.fetchOne(
        database, sql: "SELECT content FROM environment WHERE hash = ?", arguments: [key]
      ).map { try StoredJSON.value(RunEnvironment.self, $0) }
    }
  }

  /// A patch or an experiment's file by its SHA-256; `nil` where it is not kept.
  public func provenanceText(_ hash: String) throws(StoreError) -> [UInt8]? {
    try reading { database in
      try Data.fetchOne(
        database, sql: "SELECT content FROM provenance_text WHERE hash = ?", arguments: [hash]
      ).map { [UInt8]($0) }
    }
  }
}
