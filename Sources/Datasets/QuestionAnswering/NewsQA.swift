public import Evaluation
public import Foundation

/// NewsQA: questions about news articles.
public struct NewsQA: PublishedDataset {
  public init() {}

  public let id: DatasetID = "newsqa"
  public let aliases: [DatasetID] = ["news-qa"]
  public let title = "NewsQA"
  public let citation =
    "Trischler et al. 2017, NewsQA, arXiv 1611.09830; MRQA 2019 arXiv 1910.09753"
  public let licence = "not stated; news of CNN, for research"
  public let metrics: [Metric] = [.squadF1, .squadExactMatch]
  /// The paper's code selects on exact match and reports F1.
  public let selection = Metric.squadExactMatch
  public let sources = MRQA.sources("NewsQA")
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
