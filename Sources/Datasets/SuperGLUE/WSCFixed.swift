public import Evaluation
public import Foundation

/// WSC with repaired spans, marked inside the text: does `# he #` stand for `* the lawyer *`?
public struct WSCFixed: PublishedDataset {
  public init() {}

  public let id: DatasetID = "wsc.fixed"
  public let aliases: [DatasetID] = ["wsc-fixed"]
  public let title = "WSC"
  public let benchmark = "SuperGLUE"
  public let citation =
    "Levesque et al. 2012, The Winograd schema challenge; SuperGLUE arXiv 1905.00537; marked as in "
    + "T5, arXiv 1910.10683"
  public let licence = "CC BY 4.0"
  public let metrics: [Metric] = [.accuracy]
  public let labels = DatasetLabel.numbered("another referent", "this referent")
  public let sources = [
    RemoteFile("https://dl.fbaipublicfiles.com/glue/superglue/data/v2/WSC.zip", .archive)
  ]
  public let splitRule = SplitRule.small
  public let paths: [Split: String] = [.train: "WSC/train.jsonl", .validation: "WSC/val.jsonl"]

  public let wording: Template = "text: {text}"
  /// Beside the marked text, the repaired spans can be named.
  public let fields = ["text", "span1", "span2"]

  public func read(
    _ file: URL, of part: Split, as form: DataForm,
    _ take: (Record) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    try WSCItem.read(file) { (published) throws(DatasetError) in
      let item = published.repaired
      let texts = ["text": item.marked, "span1": item.span1.text, "span2": item.span2.text]
      try take(Record(texts, .label(item.label ? 1 : 0)))
    }
  }
}
