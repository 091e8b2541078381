import Datasets
import Evaluation
import Experiments

extension PlanBracket {
  /// What a run had reached at a step: its newest validation by then; `nil` where there was none.
  ///
  /// Of a multi-task run it is the mean over its tasks.
  func value(
    in curves: [String: [MetricPoint]], of spec: RunSpec, at step: Int
  ) -> Double? {
    func newest(_ name: String) -> Double? {
      curves["validation/\(name)"]?.last { $0.step <= step }?.value
    }
    guard spec.datasets.count > 1 else {
      let own = try? DatasetCatalogue.standard.dataset(spec.dataset)
      return newest(metric ?? own?.metrics.first?.name.rawValue ?? "accuracy")
    }
    guard let metric, metric != "mean" else { return newest("mean") }
    let values = spec.datasets.compactMap { newest("\($0)/\(metric)") }
    return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }
}
