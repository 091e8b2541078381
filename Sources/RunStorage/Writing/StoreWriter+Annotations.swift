public import Experiments
import Foundation
import GRDB

/// What a person adds to the record.
public enum Remark: Hashable, Sendable, Codable {
  /// A note on an experiment; `id` tells it from another with the same words.
  case experimentNote(id: String, experiment: String, text: String, createdAt: String)
  /// A note on a run.
  case runNote(id: String, run: RunID, text: String, createdAt: String)
  /// A name for a run.
  case tag(run: RunID, name: String)

  /// A note of now.
  public static func note(_ text: String, on subject: NoteSubject) -> Remark {
    let (id, now) = (UUID().uuidString, StoredJSON.now())
    return switch subject {
    case .experiment(let name):
      .experimentNote(id: id, experiment: name, text: text, createdAt: now)
    case .run(let run): .runNote(id: id, run: run, text: text, createdAt: now)
    }
  }

  /// Adds this to the record of a home, now, or through whoever is writing to it just now.
  ///
  /// - Throws: where the home has no store, or what the remark is about is not in it.
  public func record(home: String) throws(StoreError) {
    try RunStore(home: home).check(self)
    do {
      try StoreWriter(home: home, purpose: "a remark").add([self])
    } catch .inUse {
      try Inbox(home: home).post(self)
    }
  }
}

/// What a note is about.
public enum NoteSubject: Hashable, Sendable {
  case experiment(String)
  case run(RunID)
}

/// A note as it is kept.
public struct RunNote: Hashable, Sendable, Codable {
  public var text: String
  /// ISO 8601, in UTC.
  public var createdAt: String
}

extension StoreWriter {
  /// Adds remarks to the record; one that is there already, or is about nothing, changes nothing.
  public func add(_ remarks: [Remark]) throws(StoreError) {
    try writing { database in
      for remark in remarks {
        switch remark {
        case .experimentNote(let id, let experiment, let text, let createdAt):
          try database.execute(
            sql: """
              INSERT OR IGNORE INTO note (id, experiment, text, created_at)
              SELECT ?, key, ?, ? FROM experiment WHERE name = ?
              """, arguments: [id, text, createdAt, experiment])
        case .runNote(let id, let run, let text, let createdAt):
          try database.execute(
            sql: """
              INSERT OR IGNORE INTO note (id, run, text, created_at)
              SELECT ?, key, ?, ? FROM run WHERE id = ?
              """, arguments: [id, text, createdAt, run.rawValue])
        case .tag(let run, let name):
          try database.execute(
            sql: "INSERT OR IGNORE INTO tag (run, name) SELECT key, ? FROM run WHERE id = ?",
            arguments: [name, run.rawValue])
        }
      }
    }
  }

  /// Takes in the remarks that others left while this was the writer.
  public func takeInbox() throws(StoreError) {
    try Inbox(home: store.home).take { remarks throws(StoreError) in try add(remarks) }
  }
}

extension RunStore {
  /// The remarks on an experiment or a run, oldest first.
  public func notes(on subject: NoteSubject) throws(StoreError) -> [RunNote] {
    try reading { database in
      let (table, column, value) =
        switch subject {
        case .experiment(let name): ("experiment", "name", name)
        case .run(let run): ("run", "id", run.rawValue)
        }
      return try Row.fetchAll(
        database,
        sql: """
          SELECT note.text, note.created_at FROM note JOIN \(table) ON \(table).key = note.\(table)
          WHERE \(table).\(column) = ? ORDER BY note.key
          """, arguments: [value]
      ).map { RunNote(text: $0[0], createdAt: $0[1]) }
    }
  }

  /// The names given to a run, sorted.
  public func tags(of id: RunID) throws(StoreError) -> [String] {
    try reading { database in
      try String.fetchAll(
        database, sql: "SELECT name FROM tag WHERE run = ? ORDER BY name",
        arguments: [try runKey(id, database)])
    }
  }

  /// Whether there is what a remark is about.
  func check(_ remark: Remark) throws(StoreError) {
    switch remark {
    case .experimentNote(_, let experiment, _, _):
      let known = try experiments()
      guard known.contains(experiment) else {
        throw .unknownExperiment(name: experiment, known: known.sorted())
      }
    case .runNote(_, let run, _, _), .tag(let run, _):
      _ = try identity(run.rawValue)
    }
  }
}
