import Documents
import Experiments

/// The trainable parameters of a row's runs: one number, or the least and the most.
struct ParameterSpan: Sendable {
  private let counts: [Int]

  init(_ selections: [[Selection]]) {
    self.init(selections.flatMap { $0 }.flatMap(\.runs))
  }

  init(_ runs: [FrozenRun]) {
    counts = Set(runs.map(\.trainable)).subtracting([0]).sorted()
  }

  var cell: TableCell {
    guard let least = counts.first, let most = counts.last else { return TableCell(.missing) }
    let (low, high) = (NumberFormat.compact(least), NumberFormat.compact(most))
    return TableCell(.quantity(Double(most), printed: low == high ? low : "\(low)–\(high)"))
  }
}
