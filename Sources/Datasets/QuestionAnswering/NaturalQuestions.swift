/// Natural Questions: questions to Google with short answers in Wikipedia.
public struct NaturalQuestions: MRQADataset {
  public init() {}

  public let id: DatasetID = "nq"
  public let aliases: [DatasetID] = ["natural-questions", "naturalquestions"]
  public let title = "NQ"
  public let citation =
    "Kwiatkowski et al. 2019, Natural Questions; MRQA 2019 arXiv 1910.09753"
  public let licence = "CC BY-SA 3.0"
  public let sources = MRQA.sources("NaturalQuestionsShort")
}
