import Foundation

/// An attempt at a run, as the store has it.
struct StoredAttempt: Decodable {
  /// The first digits of the run's identity, which its folder is named for.
  var run: String
  var n: Int
  var pid: Int32
  var state: String
  var reason: String
  var resumedFrom: Int
  var lastStep: Int
  var partRows: Int?

  static let sql = """
    SELECT substr(run.id, 1, 12) AS run, n, pid, attempt.state AS state,
      coalesce(reason, '') AS reason, resumed_from AS resumedFrom, last_step AS lastStep,
      part_rows AS partRows
    FROM attempt JOIN run ON run.key = attempt.run ORDER BY started_at, run.key, n
    """
}

extension DeptProcess {
  /// Every attempt, in the order they began; none where there is no store yet.
  func attempts() throws -> [StoredAttempt] {
    let answer = try dept("query", "--json", "--sql", StoredAttempt.sql)
    guard answer.code == 0 else { return [] }
    return try JSONDecoder().decode([StoredAttempt].self, from: Data(answer.output.utf8))
  }

  /// The rows of a query, without the names of its columns.
  func rows(_ sql: String) throws -> [String] {
    try query(sql).split(separator: "\n").dropFirst().map(String.init)
  }
}
