import Datasets
import Experiments
import RunStorage

extension RunExport {
  /// `runs.csv` and `metrics.csv`.
  func writeTables() throws {
    let metrics = try file("metrics.csv")
    let table = try file("runs.csv")
    let first = ["id", "experiment", "state", "backbone", "method", "dataset", "seed"]
    let last = ["attempts", "parameters", "total_parameters", "seconds", "best_step", "peak_bytes"]
    let ends = ["started_at", "finished_at", "commit", "failure"]
    let results = Set(runs.flatMap(\.scores.keys)).sorted()
    let own = Set(runs.flatMap(\.spec.fieldNames)).subtracting(first).sorted()
    try table.write(Self.line(first + own + results + last + ends))
    for run in runs {
      let scores = run.scores
      var cells = [run.id.rawValue, run.experiment, run.state.rawValue]
      cells += (first.dropFirst(3) + own).map { run.spec.field($0)?.plainText ?? "" }
      cells += results.map { scores[$0].map { "\($0)" } ?? "" }
      cells += ["\(run.attempts)"]
      cells += [run.trainable, run.total].map { $0 > 0 ? "\($0)" : "" }
      cells +=
        run.summary.map { ["\($0.seconds)", "\($0.bestStep)", "\($0.peakBytes)"] }
        ?? ["", "", ""]
      let provenance = run.provenance
      cells += [
        provenance.startedAt, provenance.finishedAt, provenance.commit,
        run.failure?.message ?? "",
      ]
      try table.write(Self.line(cells))
    }
    try metrics.write(Self.line(["run", "metric", "step", "value"]))
    for run in runs {
      try store.forEachSeries(of: run.id) { series in
        let head = "\(run.id),\(Self.quoted(series.name)),"
        for (step, value) in zip(series.steps, series.values) {
          try metrics.write("\(head)\(step),\(value)\n")
        }
      }
    }
    try metrics.finish()
    try table.finish()
  }

  private static func line(_ cells: [String]) -> String {
    cells.map(quoted).joined(separator: ",") + "\n"
  }

  /// As RFC 4180 has it.
  private static func quoted(_ cell: String) -> String {
    guard cell.utf8.contains(where: { [0x22, 0x2c, 0x0a, 0x0d].contains($0) }) else { return cell }
    return "\"" + cell.replacing("\"", with: "\"\"") + "\""
  }
}

extension FrozenRun {
  /// Final scores by `test.accuracy`.
  var scores: [String: Double] {
    var all: [String: Double] = [:]
    for (split, scores) in summary?.scores ?? [:] {
      for (name, score) in scores { all["\(split.rawValue).\(name)"] = score }
    }
    return all
  }
}
