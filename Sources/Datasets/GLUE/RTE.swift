public import Evaluation
public import Foundation

/// RTE: does the first sentence entail the second?
public struct RTE: PublishedDataset {
  public init() {}

  public let id: DatasetID = "rte"
  public let title = "RTE"
  public let benchmark = "GLUE"
  public let citation =
    "Dagan et al. 2005 to Bentivogli et al. 2009, Recognising textual entailment; GLUE arXiv "
    + "1804.07461"
  public let licence = "not stated; news and encyclopedia text, for research"
  public let metrics: [Metric] = [.accuracy]
  public let labels = DatasetLabel.numbered("entailment", "not entailment")
  public let sources = [RemoteFile("https://dl.fbaipublicfiles.com/glue/data/RTE.zip", .archive)]
  public let splitRule = SplitRule.small
  public let paths: [Split: String] = [.train: "RTE/train.tsv", .validation: "RTE/dev.tsv"]

  public let wording: Template = "sentence1: {sentence1} sentence2: {sentence2}"

  public func read(
    _ file: URL, of part: Split, as form: DataForm,
    _ take: (Record) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    try TSVFile(file).records(
      "sentence1", "sentence2", label: "label", among: ["entailment", "not_entailment"], take)
  }
}
