public import Evaluation
public import Foundation

/// SST-2: is a phrase of a film review positive?
public struct SST2: PublishedDataset {
  public init() {}

  public let id: DatasetID = "sst2"
  public let aliases: [DatasetID] = ["sst-2"]
  public let title = "SST-2"
  public let benchmark = "GLUE"
  public let citation =
    "Socher et al. 2013, Recursive deep models for semantic compositionality; GLUE arXiv 1804.07461"
  public let licence = "not stated; film reviews from Rotten Tomatoes, for research"
  public let metrics: [Metric] = [.accuracy]
  public let labels = DatasetLabel.numbered("negative", "positive")
  public let sources = [
    RemoteFile("https://dl.fbaipublicfiles.com/glue/data/SST-2.zip", .archive)
  ]
  public let splitRule = SplitRule.large()
  public let paths: [Split: String] = [
    .train: "SST-2/train.tsv", .validation: "SST-2/dev.tsv",
  ]

  public let wording: Template = "sentence: {sentence}"

  public func read(
    _ file: URL, of part: Split, as form: DataForm,
    _ take: (Record) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    try TSVFile(file).records("sentence", label: "label", among: ["0", "1"], take)
  }
}
