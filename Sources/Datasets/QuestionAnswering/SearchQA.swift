/// SearchQA: clues of a quiz show, answered from web search results.
public struct SearchQA: MRQADataset {
  public init() {}

  public let id: DatasetID = "searchqa"
  public let aliases: [DatasetID] = ["search-qa"]
  public let title = "SearchQA"
  public let citation =
    "Dunn et al. 2017, SearchQA, arXiv 1704.05179; MRQA 2019 arXiv 1910.09753"
  public let licence = "not stated; questions of Jeopardy! and web search results, for research"
  public let sources = MRQA.sources("SearchQA")
}
