import Datasets
import Experiments
import Fetching
import Foundation
import Scheduling

extension PlanDescription {
  /// For people.
  var text: String {
    var lines = ["\(experiment): \(Self.runs(plan.runs.count))"]
    let width = axes.map(\.name.count).max() ?? 0
    for axis in axes {
      lines.append(
        "  " + axis.name.padding(toLength: width + 2, withPad: " ", startingAt: 0)
          + Self.shown(axis.values))
    }
    if !sourceNames.isEmpty {
      let shown = sourceNames.prefix(3).joined(separator: "; ")
      lines.append(
        "\(sourceNames.count) of them for others to start from: \(shown)"
          + (sourceNames.count > 3 ? "; …" : ""))
    }
    if !searches.isEmpty {
      lines.append(SearchListing.counts(searches))
      lines += searches.compactMap(\.line).map { "  winner: \($0)" }
      lines += searches.compactMap(\.problem).map { "  \($0)" }
    }
    if let order = order { lines.append(order) }
    if decisions != nil { lines += status }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func runs(_ count: Int) -> String { "\(count) run\(count == 1 ? "" : "s")" }

  /// All values with their counts, or the ends of a long list.
  private static func shown(_ values: [PlanAxes.Value]) -> String {
    func text(_ values: some Sequence<PlanAxes.Value>) -> String {
      values.map { "\($0.value) (\($0.runs))" }.joined(separator: "  ")
    }
    guard values.count > 16 else { return text(values) }
    return "\(text(values.prefix(6)))  …  \(text(values.suffix(2)))  [\(values.count) values]"
  }

  /// In which order runs are started, where that is not the plan's.
  private var order: String? {
    switch plan.order {
    case .planned: nil
    case .shuffled(let seed): "in an order drawn with seed \(seed)"
    case .interleaved(let field): "one run of each \(field) in turn"
    case .cheapestFirst: "the cheapest first"
    }
  }

  private var status: [String] {
    let counts = [
      (count(.failedBefore), "failed before"), (count(.blocked), "whose source failed"),
      (pruned, "pruned"),
    ].filter { $0.0 > 0 }.map { ", \($0.0) \($0.1)" }.joined()
    var lines = ["\(count(.cached)) cached, \(new) to run\(counts)"]
    if count(.failedBefore) > 0 {
      lines += failures.lines.map { "  \($0)" }
      lines.append("  dept run --retry-failed tries them again")
    }
    lines += changes.lines
    if new > 0 { lines += prediction }
    return lines
  }

  private var prediction: [String] {
    guard let forecast, let seconds = forecast.seconds else {
      let others =
        measuredElsewhere == 0
        ? ""
        : "; \(Self.runs(measuredElsewhere)) on another machine or with other threads do not count"
      return [
        "no run like these was measured on this machine yet, so their time is not known\(others)"
      ]
    }
    let processes = min(jobs, new)
    var lines = [
      "about \(Duration.seconds(seconds / Double(processes)).inWords) in "
        + (processes == 1 ? "one process" : "\(processes) processes") + memory(forecast, processes)
        + (forecast.diskBytes.map { ", \(FileSize.text($0)) of disk" } ?? "")
    ]
    if forecast.unmeasured > 0 {
      lines.append(
        "  \(Self.runs(forecast.unmeasured)) like none measured here count as the average of the "
          + "others")
    }
    let groups = forecast.groups.filter { $0.new > 0 }
    if groups.count > 1 || groups.contains(where: { $0.basis != .same }) {
      lines += groups.prefix(12).map { "  \(Self.text(of: $0))" }
      if groups.count > 12 { lines.append("  … \(groups.count - 12) more groups") }
    }
    if let quality { lines.append(quality.text) }
    return lines
  }

  private func memory(_ forecast: PlanForecast, _ processes: Int) -> String {
    guard let own = forecast.ownBytes else { return "" }
    let shared = forecast.sharedBytes
    return ", \((shared + processes * own) >> 20) MiB at the most"
      + (processes > 1 ? " with \(processes) runs at a time" : "")
      + ": \(shared >> 20) MiB of weights"
      + (processes > 1 ? ", read by all, and " : " and ") + "\(own >> 20) MiB a run"
  }

  private static func text(of group: PlanForecast.Group) -> String {
    let name = "\(group.method) on \(group.dataset) with \(group.backbone)"
    guard let seconds = group.secondsPerRun, let bytes = group.ownBytes, let basis = group.basis
    else { return "\(name): \(runs(group.new)), nothing measured" }
    let source: String =
      switch basis {
      case .same: ""
      case .similar: ", from runs that differ in hyperparameters or lengths"
      case .rough: ", a rough guess from other data"
      }
    return "\(name): \(runs(group.new)), \(Duration.seconds(seconds).inWords) and "
      + "\(bytes >> 20) MiB each" + source
  }
}

extension Duration {
  /// `0.4 s`, `40 s`, `12 min`, `3 h 20 min`.
  var inWords: String {
    let exact: Double = self / .seconds(1)
    if exact < 10 {
      let shown = max(0.1, exact)
      return "\(shown.rounded(to: 1)) s"
    }
    let seconds = Int(components.seconds)
    if seconds < 100 { return "\(max(1, seconds)) s" }
    let minutes = (seconds + 30) / 60
    return minutes < 100 ? "\(minutes) min" : "\(minutes / 60) h \(minutes % 60) min"
  }
}
