import ArgumentParser
import Experiments
import Foundation
import RunStorage

/// `dept query`: one reading SQL statement over the store.
struct QueryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "query", abstract: "Ask the store in SQL; nothing can be changed.",
    discussion: """
      The views v_runs, v_scores, v_metrics and v_groups stay as they are (docs/store.md); tables \
      may change. In SQL a run whose process was killed still reads as running; dept status and \
      dept runs say lost.

      A query only reads the store: SQLite refuses everything else, other files and functions that \
      open files included. It is stopped after --timeout. The table for people is cut after 10000 \
      rows; --json and --csv print rows as they come.

      Examples:
        dept query --sql "SELECT method, dataset, n, mean, std FROM v_groups WHERE split = 'test'"
        dept query --csv --sql "SELECT id, seed, seconds FROM v_runs ORDER BY seconds DESC LIMIT 5"
      """)

  @OptionGroup var surroundingsOptions: SurroundingsOptions
  @Option(help: "One statement that begins with SELECT, WITH or VALUES.") var sql: String
  @Option(help: "Stop it after this long, such as 500ms, 30s or 5m.") var timeout = "30s"
  @Option(help: "At most so many rows; 0: all (default: 10000 for the table, else all).")
  var limit: Int?
  @Flag(help: "Print a JSON array of objects.") var json = false
  @Flag(help: "Print comma-separated values.") var csv = false

  func validate() throws {
    guard Self.seconds(timeout) != nil else {
      throw ValidationError(
        "'\(timeout)' is no time for --timeout: write it as 500ms, 30s or 5m")
    }
    guard (limit ?? 0) >= 0 else { throw ValidationError("--limit must not be negative") }
  }

  func run() throws {
    let store = try surroundingsOptions.store()
    let most = limit.map { $0 == 0 ? Int.max : $0 } ?? (json || csv ? .max : 10_000)
    let isTable = !json && !csv
    var table = TextTable(columns: [])
    var count = 0
    var isCut = false
    func take(_ row: [JSONValue]) throws -> Bool {
      guard count < most else {
        isCut = true
        return false
      }
      if json {
        let object = Dictionary(zip(table.columns, row)) { first, _ in first }
        Output.text((count == 0 ? "\n  " : ",\n  ") + (try Output.line(object)))
      } else {
        let cells = row.map { $0 == .null ? "" : $0.plainText }
        if csv {
          Output.text(TextTable.commaSeparated(cells))
        } else {
          table.rows.append(cells)
        }
      }
      count += 1
      return true
    }
    // What was printed of a document before an error is still one.
    var hasBegun = false
    defer { if json, hasBegun { Output.text(count == 0 ? "]\n" : "\n]\n") } }
    try store.query(sql, seconds: Self.seconds(timeout) ?? 30) { columns in
      table.columns = columns
      hasBegun = true
      if json { Output.text("[") }
      if csv { Output.text(TextTable.commaSeparated(columns)) }
    } take: {
      try take($0)
    }
    if isTable { Output.text(table.aligned) }
    if isCut { Output.note("cut after \(most) rows; --limit 0 prints all") }
  }

  /// The seconds that `500ms`, `30s` or `5m` mean.
  private static func seconds(_ text: String) -> Double? {
    guard let match = text.wholeMatch(of: /(\d{1,9}(?:\.\d{1,9})?)(ms|s|m|h)?/),
      let count = Double(match.output.1), count > 0
    else { return nil }
    let unit: Double =
      switch match.output.2 {
      case "ms": 0.001
      case "m": 60
      case "h": 3600
      default: 1
      }
    return count * unit
  }
}
