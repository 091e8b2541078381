/// HotpotQA: questions that take two paragraphs of Wikipedia to answer.
///
/// The test split has 5,904 questions; the paper's re-packed copy of it has 5,901.
public struct HotpotQA: MRQADataset {
  public init() {}

  public let id: DatasetID = "hotpotqa"
  public let aliases: [DatasetID] = ["hotpot-qa"]
  public let title = "HotpotQA"
  public let citation =
    "Yang et al. 2018, HotpotQA, arXiv 1809.09600; MRQA 2019 arXiv 1910.09753"
  public let licence = "CC BY-SA 4.0"
  public let sources = MRQA.sources("HotpotQA")
}
