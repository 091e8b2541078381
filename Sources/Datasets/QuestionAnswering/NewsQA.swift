/// NewsQA: questions about news articles.
public struct NewsQA: MRQADataset {
  public init() {}

  public let id: DatasetID = "newsqa"
  public let aliases: [DatasetID] = ["news-qa"]
  public let title = "NewsQA"
  public let citation =
    "Trischler et al. 2017, NewsQA, arXiv 1611.09830; MRQA 2019 arXiv 1910.09753"
  public let licence = "not stated; news of CNN, for research"
  public let sources = MRQA.sources("NewsQA")
}
