import Datasets
import Documents
import Evaluation
import Experiments
import Training

/// What a pivot table's caption has to disclose.
struct PivotCaption: Sendable {
  let pivot: PivotTable
  let runs: [FrozenRun]
  var usualCount = 0
  private(set) var citations: [Footnote] = []
  private var deviates = false
  private var mostTried = 1
  private var hasMean = false
  private var isRanked = false
  private var unpaired = false
  /// What the runs that are shown were chosen among, and whether all of them were.
  private var searches: [RunSelection] = []
  private var areAllChosen = true

  init(pivot: PivotTable, runs: [FrozenRun]) {
    self.pivot = pivot
    self.runs = runs
  }

  /// Takes note of what occurs in `lines`.
  mutating func collect(_ lines: [PivotLayout.Line], columns: [PivotColumn]) {
    if lines.count > 1 { isRanked = true }
    for line in lines {
      for (index, finding) in line.findings.enumerated() {
        for selection in line.selections[index] {
          mostTried = max(mostTried, selection.tried)
          searches += selection.runs.compactMap(\.selection)
          if selection.runs.contains(where: { $0.selection == nil }) { areAllChosen = false }
        }
        guard case .score(let scores) = finding else { continue }
        if columns[index].isMean { hasMean = true }
        if scores.values.count > 1, scores.replicated { deviates = true }
        if !scores.replicated { unpaired = true }
      }
    }
  }

  /// The marks of a reference row's citation.
  mutating func cite(_ reference: Reference) -> [String] {
    guard !reference.citation.isEmpty else { return [] }
    if let known = citations.first(where: { $0.text.plain == reference.citation }) {
      return [known.mark]
    }
    let signs = ["†", "‡", "§", "¶"]
    let round = citations.count / signs.count + 1
    let mark = String(repeating: signs[citations.count % signs.count], count: round)
    citations.append(Footnote(mark, [.text(reference.citation)]))
    return [mark]
  }

  var text: [Inline] {
    var sentences: [[Inline]] = [[.strong([.text("\(pivot.quantity.title)\(metricNames).")])]]
    func say(_ text: String) { sentences.append([.text(text)]) }
    let place = pivot.quantity.isScore ? ", at the step that is best on validation" : ""
    if deviates {
      say("Mean and \(pivot.spread.phrase) over n = \(usualCount) seeds\(place).")
    } else if usualCount > 0 {
      say(usualCount == 1 ? "One run per cell\(place)." : "Mean over n = \(usualCount)\(place).")
    }
    if let searched { say(searched) }
    if mostTried > 1 {
      say(
        "Each cell shows the configuration with the best mean validation score"
          + " of up to \(mostTried) tried.")
    }
    if hasMean {
      say(
        "“Mean” averages over tasks within each seed first"
          + (unpaired ? "; where tasks do not share their seeds it has no deviation." : "."))
    }
    if pivot.quantity.direction == .lowerIsBetter { say("Lower is better.") }
    if isRanked {
      sentences.append([
        "Best in ", .strong(["bold"]), ", second best ", .underlined(["underlined"]), ".",
      ])
    }
    if let dropout { say(dropout) }
    // A multi-task run is there once for each task.
    let states = Dictionary(runs.map { ($0.id, $0.state) }) { first, _ in first }
    let open = states.values.count { ![.succeeded, .failed, .pruned].contains($0) }
    if open > 0 { say("\(open) of \(counted(states.count, "run")) are not finished.") }
    let pruned = states.values.count { $0 == .pruned }
    if pruned > 0 { say("\(pruned) of \(counted(states.count, "run")) were pruned.") }
    return Array(sentences.joined(separator: [.text(" ")]))
  }

  /// How searches found what is shown: on which examples, among how many, with how many seeds.
  private var searched: String? {
    guard let first = searches.first else { return nil }
    func span(_ values: [Int]) -> String {
      guard let least = values.min(), let most = values.max() else { return "" }
      return least == most ? "\(least)" : "\(least) to \(most)"
    }
    let tried = span(searches.map(\.tried))
    let seeds = span(searches.map(\.searchSeeds))
    let splits = Set(searches.map(\.split.rawValue)).sorted().joined(separator: " and ")
    let what = areAllChosen ? "Configurations were" : "Where a search was made, configurations were"
    return "\(what) chosen on \(splits)\(first.metric.map { " (\($0))" } ?? "") among \(tried) "
      + "with \(seeds == "1" ? "one seed" : "\(seeds) seeds")."
  }

  /// ` (accuracy; Pearson for STS-B)`: the most frequent metric first, then the exceptions.
  private var metricNames: String {
    var order: [String] = []
    var datasets: [String: [String]] = [:]
    for dataset in runs.distinct(\.spec.dataset) {
      let metric = runs.lazy.filter { $0.spec.dataset == dataset }
        .compactMap { pivot.quantity.metric($0, pivot.metrics) }.first
      guard let metric else { continue }
      if datasets[metric.rawValue] == nil { order.append(metric.rawValue) }
      datasets[metric.rawValue, default: []].append(DatasetTitle.named(dataset.rawValue).title)
    }
    guard
      let usual = order.enumerated().max(by: {
        ((datasets[$0.element] ?? []).count, -$0.offset)
          < ((datasets[$1.element] ?? []).count, -$1.offset)
      })?.element
    else { return "" }
    let others = order.filter { $0 != usual }.map { metric in
      "\(MetricTitle.title(metric)) for \((datasets[metric] ?? []).joined(separator: ", "))"
    }
    return " (\(([MetricTitle.title(usual)] + others).joined(separator: "; ")))"
  }

  private var dropout: String? {
    let values = runs.distinct(\.spec.schedule.dropout).compactMap { $0 }.sorted()
    guard !values.isEmpty else { return nil }
    return "Dropout inside the backbone: "
      + values.map { NumberFormat.short($0) }.joined(separator: ", ") + "."
  }
}
