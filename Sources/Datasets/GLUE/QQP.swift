public import Evaluation
public import Foundation

/// QQP: do two questions ask the same?
public struct QQP: PublishedDataset {
  public init() {}

  public let id: DatasetID = "qqp"
  public let title = "QQP"
  public let benchmark = "GLUE"
  public let citation =
    "Iyer et al. 2017, First Quora dataset release: question pairs; GLUE arXiv 1804.07461"
  public let licence = "Quora's terms of service; not for commercial use"
  public let metrics: [Metric] = [.accuracy, .f1]
  public let labels = DatasetLabel.numbered("different", "duplicate")
  public let sources = [
    RemoteFile("https://dl.fbaipublicfiles.com/glue/data/QQP-clean.zip", .archive)
  ]
  public let splitRule = SplitRule.large()
  public let paths: [Split: String] = [
    .train: "QQP/train.tsv", .validation: "QQP/dev.tsv",
  ]

  public let wording: Template = "question1: {question1} question2: {question2}"

  public func read(
    _ file: URL, of part: Split, as form: DataForm,
    _ take: (Record) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    // Some lines of the published files lack fields; the published reader drops them.
    try TSVFile(file, irregular: .skipped).records(
      "question1", "question2", label: "is_duplicate", among: ["0", "1"], take)
  }
}
