public import Evaluation
public import Foundation

/// WinoGrande: which of two options fills the gap in a sentence?
public struct WinoGrande: PublishedDataset {
  public init() {}

  public let id: DatasetID = "winogrande"
  public let title = "WinoGrande"
  public let benchmark = "Others"
  public let citation =
    "Sakaguchi et al. 2020, WinoGrande: an adversarial Winograd schema challenge; arXiv 1907.10641"
  public let licence = "CC BY"
  public let metrics: [Metric] = [.accuracy]
  public let labels = DatasetLabel.numbered("first option", "second option")
  public let publishedDifference: String? =
    "The first option stands in the place of the second, which is never shown."
  public let sources = [
    RemoteFile(
      "https://storage.googleapis.com/ai2-mosaic/public/winogrande/winogrande_1.1.zip", .archive)
  ]
  public let splitRule = SplitRule.large()
  public let paths: [Split: String] = [
    .train: "winogrande_1.1/train_xl.jsonl", .validation: "winogrande_1.1/dev.jsonl",
  ]

  public let wording: Template = "sentence: {sentence} option0: {option1} option1: {option2}"

  private struct Line: Decodable {
    var sentence: String
    var option1: String
    var option2: String
    var answer: String
  }

  public func read(
    _ file: URL, of part: Split, as form: DataForm,
    _ take: (Record) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    try JSONLinesFile(file).records(Line.self) { (line, place) throws(DatasetError) in
      let label = try place.label(line.answer, among: ["1", "2"], field: "answer")
      let second = form == .asPublished ? line.option1 : line.option2
      let texts = ["sentence": line.sentence, "option1": line.option1, "option2": second]
      try take(Record(texts, .label(label)))
    }
  }
}
