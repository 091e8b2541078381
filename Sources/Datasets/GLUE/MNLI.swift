public import Evaluation
public import Foundation

/// MNLI: does the premise entail the hypothesis, contradict it, or neither?
///
/// The mismatched part, of other genres than the training examples, is for validation, the matched
/// part for test.
public struct MNLI: PublishedDataset {
  public init() {}

  public let id: DatasetID = "mnli"
  public let title = "MNLI"
  public let benchmark = "GLUE"
  public let citation =
    "Williams et al. 2018, A broad-coverage challenge corpus (MultiNLI); GLUE arXiv 1804.07461"
  public let licence = "that of the OANC for most of it; the fiction under licences of its own"
  public let metrics: [Metric] = [.accuracy]
  public let labels = DatasetLabel.numbered("entailment", "neutral", "contradiction")
  public let sources = [
    RemoteFile("https://dl.fbaipublicfiles.com/glue/data/MNLI.zip", .archive)
  ]
  public let splitRule = SplitRule.official
  public let paths: [Split: String] = [
    .train: "MNLI/train.tsv", .validation: "MNLI/dev_mismatched.tsv", .test: "MNLI/dev_matched.tsv",
  ]

  public let wording: Template = "premise: {premise} hypothesis: {hypothesis}"

  public func read(
    _ file: URL, of part: Split, as form: DataForm,
    _ take: (Record) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    let columns = ["sentence1", "sentence2", "gold_label"]
    try TSVFile(file).rows(columns) { (row) throws(DatasetError) in
      let label = try row.label("gold_label", ["entailment", "neutral", "contradiction"])
      let texts = ["premise": row["sentence1"], "hypothesis": row["sentence2"]]
      try take(Record(texts, .label(label)))
    }
  }
}
