public import Experiments
import Foundation
import GRDB

/// The answer to a query: names of columns, and rows of values.
public struct QueryTable: Hashable, Sendable, Codable {
  public var columns: [String]
  public var rows: [[JSONValue]]
}

extension RunStore {
  /// Carries out one reading SQL statement of a user, and collects all rows.
  ///
  /// - Throws: as the function that hands rows over one by one.
  public func query(_ sql: String, seconds: Double = 30) throws(StoreError) -> QueryTable {
    var rows: [[JSONValue]] = []
    let columns = try query(sql, seconds: seconds, begin: { _ in }) { row in
      rows.append(row)
      return true
    }
    return QueryTable(columns: columns, rows: rows)
  }

  /// Carries out one reading SQL statement of a user and hands its rows over as they come, on a
  /// connection of its own that SQLite's authorizer guards.
  ///
  /// The views that `docs/store.md` describes are stable; tables are not.
  ///
  /// - Parameters:
  ///   - seconds: after which it is stopped.
  ///   - begin: is given the names of the columns, before any row.
  ///   - take: is given a row, and says whether it wants another.
  /// - Returns: the names of the columns.
  /// - Throws: `notReading`, `forbidden`, `badQuery` or `slowQuery`.
  @discardableResult
  public func query(
    _ sql: String, seconds: Double, begin: ([String]) throws -> Void,
    take: ([JSONValue]) throws -> Bool
  ) throws(StoreError) -> [String] {
    let first = sql.drop { $0.isWhitespace || $0 == "(" }.prefix { $0.isLetter }.uppercased()
    guard ["SELECT", "WITH", "VALUES"].contains(first) else { throw .notReading(sql: sql) }
    let connection = try RunStore(home: home)
    return try connection.reading { database in
      guard let handle = database.sqliteConnection else { throw StoreError.notReading(sql: sql) }
      let watch = QueryGuard(handle, seconds: seconds)
      defer { watch.release(handle) }
      do {
        let statement = try database.makeStatement(sql: sql)
        guard statement.isReadonly else { throw StoreError.notReading(sql: sql) }
        let columns = statement.columnNames
        try begin(columns)
        let rows = try Row.fetchCursor(statement)
        while let row = try rows.next() {
          guard try take(row.databaseValues.map(value)) else { break }
        }
        return columns
      } catch let error as DatabaseError {
        throw Self.meaning(of: error, watch, seconds)
      }
    }
  }

  /// What SQLite's refusal of a user's statement means.
  private static func meaning(
    of error: DatabaseError, _ watch: QueryGuard, _ seconds: Double
  ) -> any Error {
    if watch.isOverdue { return StoreError.slowQuery(seconds: seconds) }
    if let refusal = watch.refusal { return StoreError.forbidden(what: refusal) }
    switch error.resultCode {
    case .SQLITE_ERROR, .SQLITE_MISUSE, .SQLITE_READONLY, .SQLITE_AUTH, .SQLITE_TOOBIG,
      .SQLITE_MISMATCH, .SQLITE_RANGE:
      return StoreError.badQuery(detail: error.message ?? "\(error.resultCode)")
    default: return error
    }
  }

  private func value(_ value: DatabaseValue) -> JSONValue {
    switch value.storage {
    case .null: .null
    case .int64(let value): .integer(Int(value))
    case .double(let value): .number(value)
    case .string(let value): .string(value)
    case .blob(let value): .string(value.base64EncodedString())
    }
  }
}
