public import Evaluation
public import Foundation

/// RTE: does the first sentence entail the second?
public struct RTE: PublishedDataset {
  public init() {}

  public let id: DatasetID = "rte"
  public let title = "RTE"
  public let citation =
    "Dagan et al. 2005 to Bentivogli et al. 2009, Recognising textual entailment; GLUE arXiv "
    + "1804.07461"
  public let licence = "not stated; news and encyclopedia text, for research"
  public let metrics: [Metric] = [.accuracy]
  public let labels = DatasetLabel.numbered("entailment", "not entailment")
  public let sources = [RemoteFile("https://dl.fbaipublicfiles.com/glue/data/RTE.zip", .archive)]
  public let splitRule = SplitRule.small
  public let paths: [Split: String] = [.train: "RTE/train.tsv", .validation: "RTE/dev.tsv"]

  public func examples(in file: URL) throws(DatasetError) -> [Example] {
    try TSVFile(file).rows(["sentence1", "sentence2", "label"]) { (row) throws(DatasetError) in
      Example(
        source: "sentence1: \(row["sentence1"]) sentence2: \(row["sentence2"])",
        target: try row.label("label", ["entailment": "0", "not_entailment": "1"]))
    }
  }
}
