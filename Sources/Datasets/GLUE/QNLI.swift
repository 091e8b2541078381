public import Evaluation
public import Foundation

/// QNLI: does a sentence hold the answer to a question?
public struct QNLI: PublishedDataset {
  public init() {}

  public let id: DatasetID = "qnli"
  public let title = "QNLI"
  public let benchmark = "GLUE"
  public let citation =
    "Rajpurkar et al. 2016, SQuAD, recast by Wang et al. 2018; GLUE arXiv 1804.07461"
  public let licence = "CC BY-SA 4.0, as SQuAD"
  public let metrics: [Metric] = [.accuracy]
  public let labels = DatasetLabel.numbered("entailment", "not entailment")
  public let sources = [
    RemoteFile("https://dl.fbaipublicfiles.com/glue/data/QNLIv2.zip", .archive)
  ]
  public let splitRule = SplitRule.large()
  public let paths: [Split: String] = [
    .train: "QNLI/train.tsv", .validation: "QNLI/dev.tsv",
  ]

  public let wording: Template = "question: {question} sentence: {sentence}"

  public func read(
    _ file: URL, of part: Split, as form: DataForm,
    _ take: (Record) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    try TSVFile(file).records(
      "question", "sentence", label: "label", among: ["entailment", "not_entailment"], take)
  }
}
