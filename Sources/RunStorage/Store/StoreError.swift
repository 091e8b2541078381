import Experiments
import Foundation
import GRDB

/// Why the store of runs cannot be used as asked.
public enum StoreError: Error, Hashable, Sendable, CustomStringConvertible {
  /// There is no store yet.
  case missing(path: String)
  /// The file is no store of ours: another program's database.
  case foreign(path: String)
  /// A newer version of the program wrote it.
  case newer(path: String, version: Int, supported: Int)
  /// An older version wrote it, and it is opened for reading only.
  case older(path: String, version: Int, supported: Int)
  /// The file is damaged, or no database.
  case corrupt(path: String, detail: String)
  case readOnly(path: String)
  case full(path: String)
  /// Another process holds the database for longer than we waited.
  case locked(path: String)
  /// Another scheduler works in this home.
  case inUse(home: String, pid: Int, experiment: String)
  /// The system refuses to open, read or write the file.
  case unusable(path: String, detail: String)
  case unknownExperiment(name: String, known: [String])
  /// No run has this identity, or this beginning of one.
  case unknownRun(text: String)
  /// More than one run begins like this.
  case ambiguousRun(text: String, matches: Int)
  /// The user's SQL is not one reading statement.
  case notReading(sql: String)
  /// The user's SQL does not work; `detail` is SQLite's reason.
  case badQuery(detail: String)
  /// The user's SQL asks for something that a query may not do.
  case forbidden(what: String)
  /// The user's SQL took longer than allowed.
  case slowQuery(seconds: Double)
  /// Its layout could not be brought up to date; it is as it was.
  case migration(path: String, from: Int, to: Int, detail: String)
  /// Its newest changes lie in a log that cannot be read from a folder that cannot be written.
  case pendingLog(path: String)
  /// An attempt's journal cannot be read.
  case journal(detail: String)

  public var description: String {
    switch self {
    case .missing(let path):
      "there is no store at \(path) yet; run an experiment with `dept run`, or set --home"
    case .foreign(let path):
      "\(path) is a database of another program; move it away, or choose another --home"
    case .newer(let path, let version, let supported):
      "\(path) has layout \(version), written by a newer dept; this one knows layouts up to "
        + "\(supported): update dept to write to it"
    case .older(let path, let version, let supported):
      "\(path) has the older layout \(version) instead of \(supported); `dept store migrate` "
        + "brings it up to date, after a backup"
    case .corrupt(let path, let detail):
      "the store \(path) is damaged (\(detail)); `dept store check` says what can still be "
        + "read and what to do"
    case .readOnly(let path):
      "the store \(path) cannot be written; make the folder and its files writable, or choose "
        + "another --home"
    case .full(let path):
      "no space is left to write the store \(path); free some and start again to go on"
    case .locked(let path):
      "another program keeps the store \(path) locked; close it and try again"
    case .inUse(let home, let pid, let experiment):
      "another dept is running \(experiment) in \(home) (pid \(pid)); wait for it, or stop it with "
        + "`dept stop \(experiment)`"
    case .unusable(let path, let detail):
      "the store \(path) cannot be used: \(detail)"
    case .unknownExperiment(let name, let known):
      known.isEmpty
        ? "there is no experiment “\(name)”: the store is empty"
        : "there is no experiment “\(name)”; there are \(known.joined(separator: ", "))"
    case .unknownRun(let text):
      "no run's id begins with “\(text)”; `dept runs list` shows them"
    case .ambiguousRun(let text, let matches):
      "\(matches) runs' ids begin with “\(text)”; give more of its digits"
    case .notReading(let sql):
      "the query “\(sql.prefix(60))” is not one reading statement; begin it with SELECT or WITH"
    case .badQuery(let detail):
      "the query cannot be carried out: \(detail)"
    case .forbidden(let what):
      "the query asks for \(what), which dept query does not allow: it only reads the store"
    case .slowQuery(let seconds):
      "the query was stopped after \(seconds.formatted()) s; ask for less, or give it more time "
        + "with --timeout"
    case .migration(let path, let from, let to, let detail):
      "the store \(path) cannot be brought from layout \(from) to \(to) (\(detail)); it is as it "
        + "was"
    case .pendingLog(let path):
      "the newest changes of \(path) lie in \(path)-wal, which cannot be read in a folder that "
        + "cannot be written; copy both files to another folder and set --home to it"
    case .journal(let detail):
      detail
    }
  }
}

extension StoreError {
  /// What a failure of the database means for the file at `path`.
  init(_ error: any Error, path: String) {
    if let error = error as? StoreError {
      self = error
      return
    }
    if let error = error as? JournalError {
      self = .journal(detail: error.description)
      return
    }
    guard let error = error as? DatabaseError else {
      self = .unusable(path: path, detail: "\(error)")
      return
    }
    let detail = error.message ?? "SQLite error \(error.resultCode.rawValue)"
    switch error.resultCode {
    case .SQLITE_FULL: self = .full(path: path)
    case .SQLITE_READONLY, .SQLITE_PERM: self = .readOnly(path: path)
    case .SQLITE_CORRUPT, .SQLITE_NOTADB: self = .corrupt(path: path, detail: detail)
    case .SQLITE_BUSY, .SQLITE_LOCKED: self = .locked(path: path)
    default: self = .unusable(path: path, detail: detail)
    }
  }
}
