public import Documents
public import Experiments
import Training

/// What methods save of a baseline's time or memory, or gain over its speed, in per cent: as table,
/// and as lines along an axis (Figures 3 and 4 of arXiv 2309.05173).
///
/// ```swift
/// Savings(.stepTime, against: "pt", along: .promptLength)
/// ```
/// A run is compared with the baseline on the same backbone, data set and batch size.
public struct Savings: Cell {
  private let quantity: Quantity
  private let baseline: String
  private let axis: Axis?
  private let lines: Axis
  private let metrics = HeadlineMetrics.standard

  /// - Parameters:
  ///   - quantity: what is saved; gained, where more of it is better.
  ///   - baseline: the catalogue name of the method to compare with, such as `pt`.
  ///   - axis: the numbers that lines are drawn along; `nil`: the table alone.
  ///   - lines: what lines are told apart by.
  public init(
    _ quantity: Quantity, against baseline: String, along axis: Axis? = nil,
    lines: Axis = .backbone
  ) {
    self.quantity = quantity
    self.baseline = baseline
    self.axis = axis
    self.lines = lines
  }

  public func blocks(_ results: ResultSet) -> [Block] {
    // A finished run without the quantity was not carried out for it.
    let runs = results.runs.filter { $0.state != .succeeded || quantity.value($0, metrics) != nil }
    let datasets = Grouping(runs, by: [.dataset]).places
    let groups = Grouping(runs, by: groupAxes(runs)).places.map { group in
      (title: group.titles.joined(separator: " · "), lines: compared(group.runs, on: datasets))
    }
    let lines = groups.flatMap(\.lines)
    guard lines.contains(where: { $0.entries.contains { $0.mean != nil } }) else {
      return [.paragraph([.emphasis([.text("\(quantity.title): nothing is measured yet.")])])]
    }
    let titles = datasets.map { $0.titles[0] }
    var blocks: [Block] = [.table(table(groups, titles))]
    if let axis {
      let panels = charts(lines, titles, along: axis, all: runs)
      if !panels.isEmpty {
        blocks.append(.figure(Figure(name: fileName, caption: caption, panels: panels)))
      }
    }
    return blocks
  }

  /// A method in one group, with an entry a data set.
  private struct Line {
    var title: String
    var runs: [FrozenRun]
    var entries: [Entry]
    var isBaseline: Bool
  }

  private struct Entry {
    var finding: Finding
    /// Per cent of the baseline; `nil` where one of the two is missing.
    var saved: Double?

    var mean: Double? { if case .score(let scores) = finding { scores.mean } else { nil } }
  }

  private func groupAxes(_ runs: [FrozenRun]) -> [Axis] {
    let timing = Axis("Timed") { .text($0.schedule.timing?.rawValue ?? "–") }
    return [.backbone]
      + [Axis.batchSize, timing].filter { $0.coordinates(of: runs.map(\.spec)).count > 1 }
  }

  private func compared(_ group: [FrozenRun], on datasets: [Grouping.Place]) -> [Line] {
    func entry(_ runs: [FrozenRun], _ dataset: Grouping.Place) -> Entry {
      let members = runs.filter { [Axis.dataset.coordinate($0.spec)] == dataset.coordinates }
      let selected = Selection(among: members, metrics: metrics).runs
      return Entry(finding: Finding(of: selected, quantity, metrics: metrics))
    }
    let methods = Grouping(group, by: [.method]).places
    let base = methods.first { $0.runs[0].spec.method.name == baseline }
    return methods.map { method in
      let entries = datasets.map { dataset in
        var found = entry(method.runs, dataset)
        if let mean = found.mean, let whole = base.flatMap({ entry($0.runs, dataset).mean }),
          whole > 0
        {
          let ratio = mean / whole
          found.saved = 100 * (isLess ? 1 - ratio : ratio - 1)
        }
        return found
      }
      return Line(
        title: method.titles[0], runs: method.runs, entries: entries,
        isBaseline: method.coordinates == base?.coordinates)
    }
  }

  private var isLess: Bool { quantity.direction == .lowerIsBetter }
  private var verb: String { isLess ? "saved" : "gained" }
  private var columnTitle: String { isLess ? "Saved" : "Gained" }

  private var caption: [Inline] {
    let than = "how much \(isLess ? "less" : "more") than \(MethodTitle.named(baseline).title)"
    return [
      .strong([.text("\(quantity.title).")]),
      .text(" \(columnTitle): \(than), on the same backbone, data and batch size."),
    ]
  }

  private var fileName: String {
    verb + "-" + quantity.title.lowercased().split(separator: " ").joined(separator: "-")
  }

  private func table(_ groups: [(title: String, lines: [Line])], _ datasets: [String]) -> Table {
    let columns = datasets.flatMap { dataset in
      [quantity.title, columnTitle].map {
        TableColumn($0, groups: datasets.count > 1 ? [dataset] : [])
      }
    }
    return Table(
      name: fileName, caption: caption, headerColumns: 1,
      columns: [TableColumn("Method", alignment: .leading), TableColumn("#Params")] + columns,
      groups: groups.map { group in
        RowGroup(
          group.title,
          rows: group.lines.map { line in
            [.text(line.title), ParameterSpan(line.runs).cell]
              + line.entries.flatMap { [cell($0), savedCell($0, line)] }
          })
      })
  }

  private func cell(_ entry: Entry) -> TableCell {
    switch entry.finding {
    case .score(let scores):
      TableCell(.score(scores.statistic(.standardDeviation, decimals: quantity.decimals)))
    case .failed: TableCell(.failed)
    case .missing: TableCell(.missing)
    }
  }

  private func savedCell(_ entry: Entry, _ line: Line) -> TableCell {
    if line.isBaseline { return TableCell(.blank) }
    guard let saved = entry.saved else { return TableCell(.missing) }
    let size = NumberFormat.fixed(saved, 1)
    return TableCell(
      .quantity(saved, printed: "\(saved > 0 && size != "0.0" ? "+" : "")\(size) %"))
  }

  private func charts(
    _ compared: [Line], _ datasets: [String], along axis: Axis, all: [FrozenRun]
  ) -> [LineChart] {
    datasets.enumerated().compactMap { index, dataset in
      let series = Grouping(all, by: [lines]).places.enumerated().compactMap {
        style, place -> ChartSeries? in
        let members = compared.filter { line in
          [lines.coordinate(line.runs[0].spec)] == place.coordinates
        }
        guard !members.allSatisfy(\.isBaseline) else { return nil }
        var points: [Double: Double] = [:]
        for line in members {
          guard case .number(let x) = axis.coordinate(line.runs[0].spec),
            let saved = line.entries[index].saved, points[x] == nil
          else { continue }
          points[x] = saved
        }
        guard !points.isEmpty else { return nil }
        return ChartSeries(
          name: place.titles[0], style: style,
          points: points.sorted { $0.key < $1.key }.map { ChartPoint(x: $0.key, y: $0.value) })
      }
      return series.isEmpty ? nil : chart(dataset, series, along: axis)
    }
  }

  private func chart(_ title: String, _ series: [ChartSeries], along axis: Axis) -> LineChart {
    let ends = series.compactMap { line -> String? in
      guard let most = line.points.max(by: { ($0.y ?? 0) < ($1.y ?? 0) }), let y = most.y else {
        return nil
      }
      return "\(line.name) \(NumberFormat.fixed(y, 1)) % at \(NumberFormat.short(most.x))"
    }
    return LineChart(
      title: title,
      summary: "\(quantity.title), \(verb) in per cent, by \(axis.title.lowercased()). Most: "
        + "\(ends.joined(separator: "; ")).",
      xTitle: axis.title, yTitle: "\(verb) in %", series: series)
  }
}
