public import Evaluation
public import Foundation

/// Natural Questions: questions to Google with short answers in Wikipedia.
public struct NaturalQuestions: PublishedDataset {
  public init() {}

  public let id: DatasetID = "nq"
  public let aliases: [DatasetID] = ["natural-questions", "naturalquestions"]
  public let title = "NQ"
  public let citation =
    "Kwiatkowski et al. 2019, Natural Questions; MRQA 2019 arXiv 1910.09753"
  public let licence = "CC BY-SA 3.0"
  public let metrics: [Metric] = [.squadF1, .squadExactMatch]
  /// The paper's code selects on exact match and reports F1.
  public let selection = Metric.squadExactMatch
  public let sources = MRQA.sources("NaturalQuestionsShort")
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
