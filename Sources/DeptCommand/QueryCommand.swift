import ArgumentParser
import Experiments
import RunStorage

/// `dept query`: one reading SQL statement over the store.
struct QueryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "query", abstract: "Ask the store in SQL; nothing can be changed.",
    discussion: """
      The views v_runs, v_scores and v_metrics stay as they are; tables may change. In SQL a run \
      whose process was killed still reads as running; dept status and dept runs say lost.
      Example: dept query --sql "SELECT method, avg(value) FROM v_runs JOIN v_scores \
      ON v_scores.run = v_runs.id WHERE split = 'test' GROUP BY method"
      """)

  @OptionGroup var surroundingsOptions: SurroundingsOptions
  @Option(help: "One statement that begins with SELECT or WITH.") var sql: String
  @Flag(help: "Print a JSON array of objects.") var json = false
  @Flag(help: "Print comma-separated values.") var csv = false

  func run() throws {
    let answer = try surroundingsOptions.store().query(sql)
    if json {
      try Output.json(
        answer.rows.map { row in
          Dictionary(zip(answer.columns, row)) { first, _ in first }
        })
      return
    }
    let table = TextTable(
      columns: answer.columns,
      rows: answer.rows.map { row in row.map { $0 == .null ? "" : $0.plainText } })
    print(csv ? table.commaSeparated : table.aligned, terminator: "")
  }
}
