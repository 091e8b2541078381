import Foundation
import GRDB
import GRDBSQLite

/// What a user's query may do on a connection, and for how long: SQLite asks it for every table,
/// function and pragma while it compiles and carries out the statement.
///
/// A class, because SQLite holds a pointer to it as long as the connection lives.
final class QueryGuard {
  /// What was refused, in words; `nil`: nothing.
  private(set) var refusal: String?
  private(set) var isOverdue = false
  private let deadline: ContinuousClock.Instant

  /// Guards a connection that is used for nothing else afterwards.
  ///
  /// - Parameter seconds: how long a query may take.
  init(_ connection: SQLiteConnection, seconds: Double) {
    deadline = .now + .seconds(min(seconds, 1e9))
    let this = Unmanaged.passUnretained(self).toOpaque()
    sqlite3_set_authorizer(
      connection,
      { this, action, first, second, _, _ in
        guard let this else { return SQLITE_DENY }
        return Unmanaged<QueryGuard>.fromOpaque(this).takeUnretainedValue()
          .verdict(action, first.map { String(cString: $0) }, second.map { String(cString: $0) })
      }, this)
    sqlite3_progress_handler(
      connection, 1000,
      { this in
        guard let this else { return 1 }
        return Unmanaged<QueryGuard>.fromOpaque(this).takeUnretainedValue().interrupts()
      }, this)
    // One value can be no longer: no query fills the memory with a single text.
    sqlite3_limit(connection, SQLITE_LIMIT_LENGTH, 64 << 20)
    sqlite3_limit(connection, SQLITE_LIMIT_ATTACHED, 0)
  }

  /// Lets go of the connection.
  func release(_ connection: SQLiteConnection) {
    sqlite3_progress_handler(connection, 0, nil, nil)
    sqlite3_set_authorizer(connection, nil, nil)
  }

  private func interrupts() -> Int32 {
    guard ContinuousClock.now >= deadline else { return 0 }
    isOverdue = true
    return 1
  }

  private func verdict(_ action: Int32, _ first: String?, _ second: String?) -> Int32 {
    let reason: String?
    switch action {
    case SQLITE_SELECT, SQLITE_READ, SQLITE_RECURSIVE: reason = nil
    case SQLITE_FUNCTION:
      let name = (second ?? "").lowercased()
      reason = Self.functions.contains(name) ? nil : "the function \(name)"
    case SQLITE_PRAGMA:
      // With an argument these describe one table; others would change something.
      let name = (first ?? "").lowercased()
      let reads = second == nil ? Self.plainPragmas : Self.describingPragmas
      reason = reads.contains(name) ? nil : "the pragma \(name)"
    // How SQLite declares a table of its own, such as json_each; a statement that changes the
    // schema is none that only reads, and the connection cannot write.
    case SQLITE_UPDATE where first == "sqlite_master": reason = nil
    case SQLITE_ATTACH, SQLITE_DETACH: reason = "another database"
    case SQLITE_TRANSACTION, SQLITE_SAVEPOINT: reason = "a transaction"
    default: reason = "a change"
    }
    guard let reason else { return SQLITE_OK }
    refusal = refusal ?? reason
    return SQLITE_DENY
  }

  private static let describingPragmas: Set<String> = [
    "table_info", "table_xinfo", "table_list", "index_list", "index_info", "index_xinfo",
    "foreign_key_list",
  ]
  private static let plainPragmas: Set<String> = [
    "table_list", "function_list", "compile_options", "collation_list", "database_list",
    "user_version", "application_id", "page_count", "page_size", "freelist_count", "encoding",
    "journal_mode", "module_list", "pragma_list", "data_version", "schema_version",
  ]

  /// SQLite's own functions that only compute. Whatever else a SQLite was built with may read or
  /// write files.
  private static let functions: Set<String> = Set(
    """
    abs changes char coalesce concat concat_ws format glob hex if ifnull iif instr last_insert_rowid
    length like likelihood likely lower ltrim max min nullif octet_length printf quote random
    randomblob replace round rtrim sign soundex sqlite_compileoption_get sqlite_compileoption_used
    sqlite_source_id sqlite_version substr substring total_changes trim typeof unhex unicode
    unlikely upper zeroblob match regexp subtype
    avg count group_concat string_agg sum total median percentile percentile_cont percentile_disc
    row_number rank dense_rank percent_rank cume_dist ntile lag lead first_value last_value
    nth_value
    date time datetime julianday unixepoch strftime timediff current_date current_time
    current_timestamp
    acos acosh asin asinh atan atan2 atanh ceil ceiling cos cosh degrees exp floor ln log log10 log2
    mod pi pow power radians sin sinh sqrt tan tanh trunc
    json json_array json_array_length json_error_position json_extract json_insert json_object
    json_patch json_pretty json_quote json_remove json_replace json_set json_type json_valid
    json_group_array json_group_object jsonb jsonb_array jsonb_extract jsonb_group_array
    jsonb_group_object jsonb_insert jsonb_object jsonb_patch jsonb_remove jsonb_replace jsonb_set
    -> ->>
    """.split(whereSeparator: \.isWhitespace).map(String.init))
}
