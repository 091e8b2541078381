public import Documents
public import Experiments

/// How far each method lies from a baseline, and whether its seeds could tell.
///
/// Differences of means over seeds with an exact two-sided permutation test, corrected after Holm
/// (1979) over the tasks of a row. The caption states the smallest probability that this number of
/// seeds can give at all, so that "not significant" is not mistaken for "equal".
public struct Comparison: Cell {
  private let baseline: String
  private let pivot: PivotTable

  /// - Parameters:
  ///   - baseline: the catalogue name of the method to compare with, such as `pt`; of several rows
  ///     the first of the plan.
  ///   - cell: what is compared.
  ///   - metrics: the metric that stands for a data set.
  public init(
    with baseline: String, cell: Quantity = .test, metrics: HeadlineMetrics = .standard
  ) {
    self.baseline = baseline
    pivot = PivotTable(
      rows: .method, columns: .dataset, cell: cell, metrics: metrics, parameters: false)
  }

  public func blocks(_ results: ResultSet) -> [Block] {
    let layout = PivotLayout(pivot, results.runs)
    var groups: [RowGroup] = []
    var sizes: Set<[Int]> = []
    var reference = ""
    for (title, lines) in layout.lines {
      guard let base = lines.first(where: { $0.method == baseline }) else { continue }
      reference = base.titles.joined(separator: " ")
      let others = lines.filter { $0.titles != base.titles }
      let rows = others.map { line in
        line.titles.map { TableCell.text($0) } + cells(line, base, layout.columns, &sizes)
      }
      if !rows.isEmpty { groups.append(RowGroup(title, rows: rows)) }
    }
    guard !groups.isEmpty else {
      let text = "There is nothing to compare with the method “\(baseline)” yet."
      return [.paragraph([.emphasis([.text(text)])])]
    }
    let headers = layout.rows.map { TableColumn($0.title, alignment: .leading) }
    return [
      .table(
        Table(
          name: "comparison", caption: caption(reference, sizes), headerColumns: headers.count,
          columns: headers + layout.columns.map { TableColumn($0.title, groups: $0.groups) },
          groups: groups))
    ]
  }

  private func cells(
    _ line: PivotLayout.Line, _ base: PivotLayout.Line, _ columns: [PivotColumn],
    _ sizes: inout Set<[Int]>
  ) -> [TableCell] {
    var probabilities: [Double?] = []
    var differences: [Double?] = []
    for (mine, theirs) in zip(line.findings, base.findings) {
      guard case .score(let a) = mine, case .score(let b) = theirs else {
        probabilities.append(nil)
        differences.append(nil)
        continue
      }
      differences.append(a.mean - b.mean)
      guard a.replicated, b.replicated, a.values.count + b.values.count > 2 else {
        probabilities.append(nil)
        continue
      }
      sizes.insert([a.values.count, b.values.count].sorted())
      probabilities.append(PermutationTest.probability(a.values, b.values))
    }
    let tasks = columns.indices.map { columns[$0].isMean ? nil : probabilities[$0] }
    let corrected = PermutationTest.holm(tasks)
    return columns.indices.map { index in
      guard let difference = differences[index] else { return TableCell(.missing) }
      let size = NumberFormat.fixed(difference, pivot.quantity.decimals)
      let printed = difference > 0 && !size.hasPrefix("-") ? "+\(size)" : size
      let probability = columns[index].isMean ? probabilities[index] : corrected[index]
      return TableCell(
        .quantity(difference, printed: printed),
        remark: probability.map { "p=\(NumberFormat.fixed($0, $0 < 0.0995 ? 3 : 2))" } ?? "")
    }
  }

  private func caption(_ reference: String, _ sizes: Set<[Int]>) -> [Inline] {
    var text =
      " Difference of means over seeds; p by an exact two-sided permutation test,"
      + " corrected after Holm over the tasks of a row."
    let floors = sizes.compactMap { pair in
      PermutationTest.floor(pair[0], pair[1]).map { (pair: pair, floor: $0) }
    }
    if let best = floors.min(by: { ($0.floor, $0.pair[0]) < ($1.floor, $1.pair[0]) }) {
      text +=
        " With \(best.pair[0]) against \(best.pair[1]) seeds no uncorrected p below"
        + " \(NumberFormat.fixed(best.floor, best.floor < 0.0995 ? 3 : 2)) can occur"
      text +=
        best.floor >= 0.05
        ? "; p < 0.05 needs \(PermutationTest.sizeNeeded(below: 0.05)) per side." : "."
    }
    return [.strong([.text("\(pivot.quantity.title) compared with \(reference).")]), .text(text)]
  }
}
