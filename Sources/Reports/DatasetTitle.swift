import Datasets
import Evaluation

/// What tables say of a data set: its name, the benchmark it belongs to, and its metrics.
struct DatasetTitle: Sendable {
  var title: String
  var benchmark: String = ""
  var metric: MetricName?
  /// The metric that checkpoints and configurations are chosen by.
  var selection: MetricName?

  /// What is known of a data set; the name itself where nothing is.
  static func named(_ name: String) -> DatasetTitle {
    if let dataset = try? DatasetCatalogue.standard.dataset(DatasetID(rawValue: name)) {
      return DatasetTitle(
        title: dataset.title.isEmpty ? name : dataset.title, benchmark: dataset.benchmark,
        metric: dataset.headline.name, selection: dataset.selection.name)
    }
    // The data sets of a multi-task run: `rte+sst2`.
    let names = name.split(separator: "+").map(String.init)
    guard names.count > 1 else { return DatasetTitle(title: name) }
    return DatasetTitle(title: names.map { named($0).title }.joined(separator: " + "))
  }
}
