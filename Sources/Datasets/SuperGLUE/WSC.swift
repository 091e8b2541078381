public import Evaluation
public import Foundation

/// WSC: does a pronoun stand for a noun phrase? Text and spans as they are published.
///
/// The paper uses `wsc.fixed`, where the spans are marked inside the text.
public struct WSC: PublishedDataset {
  public init() {}

  public let id: DatasetID = "wsc"
  public let title = "WSC (spans)"
  public let benchmark = "SuperGLUE"
  public let citation =
    "Levesque et al. 2012, The Winograd schema challenge; SuperGLUE arXiv 1905.00537"
  public let licence = "CC BY 4.0"
  public let metrics: [Metric] = [.accuracy]
  public let labels = DatasetLabel.numbered("another referent", "this referent")
  public let sources = [
    RemoteFile("https://dl.fbaipublicfiles.com/glue/superglue/data/v2/WSC.zip", .archive)
  ]
  public let splitRule = SplitRule.small
  public let paths: [Split: String] = [.train: "WSC/train.jsonl", .validation: "WSC/val.jsonl"]

  public let wording: Template = "text: {text} span1: {span1} span2: {span2}"

  public func read(
    _ file: URL, of part: Split, as form: DataForm,
    _ take: (Record) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    try WSCItem.read(file) { (item) throws(DatasetError) in
      let texts = ["text": item.text, "span1": item.span1.text, "span2": item.span2.text]
      try take(Record(texts, .label(item.label ? 1 : 0)))
    }
  }
}
