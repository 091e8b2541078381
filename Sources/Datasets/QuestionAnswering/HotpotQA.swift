public import Evaluation
public import Foundation

/// HotpotQA: questions that take two paragraphs of Wikipedia to answer.
///
/// The test split has 5,904 questions; the paper's re-packed copy of it has 5,901.
public struct HotpotQA: PublishedDataset {
  public init() {}

  public let id: DatasetID = "hotpotqa"
  public let aliases: [DatasetID] = ["hotpot-qa"]
  public let title = "HotpotQA"
  public let citation =
    "Yang et al. 2018, HotpotQA, arXiv 1809.09600; MRQA 2019 arXiv 1910.09753"
  public let licence = "CC BY-SA 4.0"
  public let metrics: [Metric] = [.squadF1, .squadExactMatch]
  /// The paper's code selects on exact match and reports F1.
  public let selection = Metric.squadExactMatch
  public let sources = MRQA.sources("HotpotQA")
  public let splitRule = SplitRule.large()
  public let paths = MRQA.paths
  public let sourceLength = 512
  public let publishedDifference: String? = MRQA.publishedDifference

  public let wording = ExtractiveQA.wording

  public func read(
    _ file: URL, of part: Split, as form: DataForm,
    _ take: (Record) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    try MRQA.read(file, as: form, take)
  }
}
