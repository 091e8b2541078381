public import Evaluation
public import Foundation

/// PAWS-Wiki: do two sentences of nearly the same words say the same?
public struct PAWS: PublishedDataset {
  public init() {}

  public let id: DatasetID = "paws"
  public let aliases: [DatasetID] = ["paws-wiki"]
  public let title = "PAWS"
  public let benchmark = "Others"
  public let citation =
    "Zhang et al. 2019, PAWS: paraphrase adversaries from word scrambling; arXiv 1904.01130"
  public let licence = "free for any purpose; Google asks to be named as the source"
  public let metrics: [Metric] = [.accuracy]
  public let labels = DatasetLabel.numbered("different", "paraphrase")
  public let sources = [
    RemoteFile(
      "https://storage.googleapis.com/paws/english/paws_wiki_labeled_final.tar.gz", .archive)
  ]
  public let splitRule = SplitRule.official
  public let paths: [Split: String] = [
    .train: "final/train.tsv", .validation: "final/dev.tsv", .test: "final/test.tsv",
  ]

  public let wording: Template = "sentence1: {sentence1} sentence2: {sentence2}"

  public func read(
    _ file: URL, of part: Split, as form: DataForm,
    _ take: (Record) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    try TSVFile(file).records(
      "sentence1", "sentence2", label: "label", among: ["0", "1"], take)
  }
}
