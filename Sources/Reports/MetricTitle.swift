/// How prose calls a metric.
enum MetricTitle {
  private static let titles = [
    "f1": "F1", "f1-macro": "macro F1", "matthews": "Matthews correlation",
    "pearson": "Pearson correlation", "spearman": "Spearman correlation",
    "squad-em": "exact match", "squad-f1": "F1", "squad-f1-first": "F1",
    "multirc-em": "exact match",
    "multirc-f1": "F1", "record-em": "exact match", "record-f1": "F1", "vqa": "VQA accuracy",
    "bleu-1": "BLEU-1", "bleu-2": "BLEU-2", "bleu-3": "BLEU-3", "bleu-4": "BLEU-4",
    "rouge-l": "ROUGE-L", "cider": "CIDEr", "mean": "mean over tasks",
  ]

  /// The words for a metric's name; the name itself where there are none.
  static func title(_ name: String) -> String { titles[name] ?? name }
}
