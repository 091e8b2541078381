public import Evaluation
public import Foundation

/// SearchQA: clues of a quiz show, answered from web search results.
public struct SearchQA: PublishedDataset {
  public init() {}

  public let id: DatasetID = "searchqa"
  public let aliases: [DatasetID] = ["search-qa"]
  public let title = "SearchQA"
  public let citation =
    "Dunn et al. 2017, SearchQA, arXiv 1704.05179; MRQA 2019 arXiv 1910.09753"
  public let licence = "not stated; questions of Jeopardy! and web search results, for research"
  public let metrics: [Metric] = [.squadF1, .squadExactMatch]
  /// The paper's code selects on exact match and reports F1.
  public let selection = Metric.squadExactMatch
  public let sources = MRQA.sources("SearchQA")
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
