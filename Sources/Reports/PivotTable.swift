public import Documents
public import Experiments

/// The paper's table: a mean and its deviation over seeds for every row and column.
///
/// ```swift
/// PivotTable(rows: .method, .learningRates, columns: .dataset, cell: .test)
/// ```
/// Runs that share a cell and differ in more than the seed compete: the configuration that is best
/// on validation stands for the cell, and the caption says so. Methods, backbones, few-shot sizes,
/// what runs are trained on together and what they start from never compete: where they vary and no
/// axis tells them apart, rows are added. A multi-task run has a cell for each of its tasks.
public struct PivotTable: Cell {
  var rows: [Axis]
  var columns: [Axis]
  var quantity: Quantity
  var spread: Spread
  var references: [Reference]
  var metrics: HeadlineMetrics
  var showsParameters: Bool

  /// - Parameters:
  ///   - rows: the axes that name rows.
  ///   - columns: the axes that name columns, outermost first.
  ///   - cell: what a cell reports.
  ///   - spread: how the variation over seeds is printed.
  ///   - references: rows to compare with: a majority class, quoted numbers.
  ///   - metrics: the metric that stands for a data set.
  ///   - parameters: whether a column counts the trainable parameters.
  public init(
    rows: Axis..., columns: Axis..., cell: Quantity = .test,
    spread: Spread = .standardDeviation, references: [Reference] = [],
    metrics: HeadlineMetrics = .standard, parameters: Bool = true
  ) {
    self.rows = rows
    self.columns = columns
    quantity = cell
    self.spread = spread
    self.references = references
    self.metrics = metrics
    showsParameters = parameters
  }

  public func blocks(_ results: ResultSet) -> [Block] {
    guard !results.runs.isEmpty else {
      return [.paragraph([.emphasis(["This experiment has no runs yet: there is no table."])])]
    }
    return [.table(PivotLayout(self, results.runs).table)]
  }
}
