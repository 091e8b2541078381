public import Evaluation
public import Foundation

/// CoLA: is a sentence acceptable English?
public struct CoLA: PublishedDataset {
  public init() {}

  public let id: DatasetID = "cola"
  public let title = "CoLA"
  public let benchmark = "GLUE"
  public let citation =
    "Warstadt et al. 2019, Neural network acceptability judgments; GLUE arXiv 1804.07461"
  public let licence =
    "sentences from published works, whose authors keep their rights; for research"
  public let metrics: [Metric] = [.matthews]
  public let labels = DatasetLabel.numbered("unacceptable", "acceptable")
  public let sources = [
    RemoteFile("https://dl.fbaipublicfiles.com/glue/data/CoLA.zip", .archive)
  ]
  public let splitRule = SplitRule.small
  public let paths: [Split: String] = [
    .train: "CoLA/train.tsv", .validation: "CoLA/dev.tsv",
  ]

  public let wording: Template = "sentence: {sentence}"

  public func read(
    _ file: URL, of part: Split, as form: DataForm,
    _ take: (Record) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    // Without a header line: source, label, the author's own mark, sentence.
    try TSVFile(file, columns: ["source", "label", "mark", "sentence"]).records(
      "sentence", label: "label", among: ["0", "1"], take)
  }
}
