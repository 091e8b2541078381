import Datasets
import Evaluation

/// How papers call a data set, the benchmark it belongs to, and its metrics.
struct DatasetTitle: Sendable {
  var title: String
  var benchmark: String = ""
  var metric: MetricName?
  /// The metric that checkpoints and configurations are chosen by.
  var selection: MetricName?

  private static let papers: [String: DatasetTitle] = {
    var entries: [String: DatasetTitle] = [:]
    func add(_ benchmark: String, _ rows: [(String, String, MetricName)]) {
      for (name, title, metric) in rows {
        entries[name] = DatasetTitle(title: title, benchmark: benchmark, metric: metric)
      }
    }
    add(
      "GLUE",
      [
        ("mnli", "MNLI", "accuracy"), ("qqp", "QQP", "accuracy"), ("qnli", "QNLI", "accuracy"),
        ("sst2", "SST-2", "accuracy"), ("stsb", "STS-B", "pearson"),
        ("mrpc", "MRPC", "accuracy"), ("rte", "RTE", "accuracy"), ("cola", "CoLA", "matthews"),
      ])
    add(
      "SuperGLUE",
      [
        ("multirc", "MultiRC", "multirc-f1"), ("boolq", "BoolQ", "accuracy"),
        ("wic", "WiC", "accuracy"), ("wsc", "WSC (spans)", "accuracy"),
        ("wsc.fixed", "WSC", "accuracy"),
        ("cb", "CB", "accuracy"), ("record", "ReCoRD", "record-f1"), ("copa", "COPA", "accuracy"),
      ])
    add(
      "MRQA",
      [
        ("squad", "SQuAD", "squad-f1"), ("nq", "NQ", "squad-f1"),
        ("hotpotqa", "HotpotQA", "squad-f1"), ("searchqa", "SearchQA", "squad-f1"),
        ("newsqa", "NewsQA", "squad-f1"),
      ])
    add(
      "Others",
      [
        ("winogrande", "WinoGrande", "accuracy"), ("yelp2", "Yelp-2", "accuracy"),
        ("scitail", "SciTail", "accuracy"), ("paws", "PAWS", "accuracy"),
      ])
    add("Vision", [("vqa", "VQA", "vqa"), ("coco", "COCO", "cider")])
    return entries
  }()

  /// What is known of a data set: its own words first, then the tables of the DePT paper; the name
  /// itself where nothing is known.
  static func named(_ name: String) -> DatasetTitle {
    guard let dataset = try? DatasetCatalogue.standard.dataset(DatasetID(rawValue: name)) else {
      // The data sets of a multi-task run: `rte+sst2`.
      let titles = name.split(separator: "+").map { papers[String($0)]?.title ?? String($0) }
      return papers[name] ?? DatasetTitle(title: titles.joined(separator: " + "))
    }
    let paper = papers[dataset.id.rawValue]
    return DatasetTitle(
      title: dataset.title.isEmpty ? name : dataset.title, benchmark: paper?.benchmark ?? "",
      metric: dataset.headline.name, selection: dataset.selection.name)
  }
}
