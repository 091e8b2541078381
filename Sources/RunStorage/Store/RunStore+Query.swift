public import Experiments
import Foundation
import GRDB

/// The answer to a query: names of columns, and rows of values.
public struct QueryTable: Hashable, Sendable, Codable {
  public var columns: [String]
  public var rows: [[JSONValue]]
}

extension RunStore {
  /// Carries out one reading SQL statement of a user, on a connection that cannot write.
  ///
  /// The views `v_runs`, `v_scores` and `v_metrics` are stable; tables are not.
  public func query(_ sql: String) throws(StoreError) -> QueryTable {
    let first = sql.drop { $0.isWhitespace || $0 == "(" }.prefix { $0.isLetter }.uppercased()
    guard ["SELECT", "WITH", "VALUES"].contains(first) else { throw .notReading(sql: sql) }
    return try reading { database in
      do {
        let statement = try database.makeStatement(sql: sql)
        guard statement.isReadonly else { throw StoreError.notReading(sql: sql) }
        var table = QueryTable(columns: statement.columnNames, rows: [])
        let rows = try Row.fetchCursor(statement)
        while let row = try rows.next() { table.rows.append(row.databaseValues.map(value)) }
        return table
      } catch let error as DatabaseError
        where [.SQLITE_ERROR, .SQLITE_MISUSE, .SQLITE_READONLY, .SQLITE_AUTH].contains(
          error.resultCode)
      {
        throw StoreError.badQuery(detail: error.message ?? "\(error.resultCode)")
      }
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
