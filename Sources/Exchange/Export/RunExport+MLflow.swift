import Experiments
import Foundation
import GRDB
import RunStorage

extension RunExport {
  /// A database with the layout of MLflow, and the path of it.
  func writeMLflow() throws -> String {
    let path = "\(folder)/mlflow.db"
    let partial = path + ".partial"
    try OutputFile.prepare(path: path, replacing: replaces)
    for name in [partial, partial + "-journal"] { unlink(name) }
    var isWhole = false
    defer { if !isWhole { unlink(partial) } }
    do {
      var configuration = Configuration()
      configuration.prepareDatabase { database in
        try database.execute(sql: "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
      }
      let queue = try DatabaseQueue(path: partial, configuration: configuration)
      let layout = try MLflowLayout.statements()
      try queue.write { database in
        try database.execute(sql: layout)
        try MLflowDatabase(database: database).write(self)
      }
      try queue.close()
    } catch let error as DatabaseError {
      throw ExchangeError.refused(
        path: path, action: "written",
        reason: error.message ?? "SQLite error \(error.resultCode.rawValue)")
    }
    // What an earlier database left unfinished would be taken for this one's.
    for suffix in ["-wal", "-shm", "-journal"] { unlink(path + suffix) }
    guard rename(partial, path) == 0 else { throw OutputFile.refusal(path) }
    isWhole = true
    return path
  }
}

/// The tables of MLflow as they are at one revision.
enum MLflowLayout {
  static func statements() throws(ExchangeError) -> String {
    let url = Bundle.module.url(
      forResource: "mlflow", withExtension: "sql", subdirectory: "Layouts")
    guard let url, let text = try? String(contentsOf: url, encoding: .utf8) else {
      throw .missing(path: url?.path ?? "the layout of MLflow's tables beside the program")
    }
    return text
  }
}
