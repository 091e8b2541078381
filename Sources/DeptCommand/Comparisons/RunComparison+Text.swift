import Experiments
import Foundation

extension RunComparison {
  /// For people: a group a heading, and what each comes to.
  ///
  /// - Parameter names: short names of the runs.
  func text(_ names: (String, String)) -> String {
    var parts = ["\(first.short)  \(names.0)\n\(second.short)  \(names.1)\n"]
    if first == second { return parts[0] + "\nthe same run\n" }
    func add(_ title: String, _ body: String) {
      if !body.isEmpty { parts.append("\(title)\n\(body)") }
    }
    add("asked", table(asked))
    add("data and backbone", table(data))
    add("code", table(code))
    add("between the commits", table(commits))
    add("in uncommitted changes", table(patches))
    add("in the experiment's file", source.map { "  \($0)\n" }.joined())
    add("environment", table(environment))
    if equal {
      let count = "\(points) point\(points == 1 ? "" : "s") of \(metrics) metrics"
      add(
        "results",
        tolerance > 0
          ? "  equal within \(tolerance): scores and \(count)\n"
          : "  equal bit for bit: scores and \(count)\n")
    } else {
      add("results", table(states) + scoreTable + curveLines)
    }
    return parts.joined(separator: "\n")
  }

  private func table(_ differences: [FieldDifference]) -> String {
    guard !differences.isEmpty else { return "" }
    let rows = differences.map { [$0.field, Self.cell($0.first), Self.cell($0.second)] }
    return Self.indented(TextTable(columns: ["", first.short, second.short], rows: rows))
  }

  private var scoreTable: String {
    guard !scores.isEmpty else { return "" }
    func cell(_ value: Double?) -> String { value.map { "\($0)" } ?? "–" }
    let rows: [[String]] = scores.map { score in
      // The values have all their digits; of their difference the first tell enough.
      let difference = score.difference.map { String(format: "%+.4g", $0) } ?? ""
      return [score.score, cell(score.first), cell(score.second), difference]
    }
    return Self.indented(
      TextTable(columns: ["", first.short, second.short, "difference"], rows: rows))
  }

  private var curveLines: String {
    curves.compactMap(\.sentence).map { "  \($0)\n" }.joined()
  }

  private static func indented(_ table: TextTable) -> String {
    table.aligned.split(separator: "\n").map { "  \($0)\n" }.joined()
  }

  /// A value, digests and long lists shortened.
  private static func cell(_ value: String?) -> String {
    guard let value else { return "–" }
    if value.count >= 32, value.allSatisfy(\.isHexDigit) { return String(value.prefix(12)) }
    return value.count > 80 ? value.prefix(79) + "…" : value
  }
}
