public import Evaluation
public import Foundation

/// BoolQ: does a passage answer a question with yes?
public struct BoolQ: PublishedDataset {
  public init() {}

  public let id: DatasetID = "boolq"
  public let title = "BoolQ"
  public let benchmark = "SuperGLUE"
  public let citation =
    "Clark et al. 2019, BoolQ, arXiv 1905.10044; SuperGLUE arXiv 1905.00537"
  public let licence = "CC BY-SA 3.0; questions to Google and passages of Wikipedia"
  public let metrics: [Metric] = [.accuracy]
  public let labels = DatasetLabel.numbered("no", "yes")
  public let sources = [
    RemoteFile("https://dl.fbaipublicfiles.com/glue/superglue/data/v2/BoolQ.zip", .archive)
  ]
  public let splitRule = SplitRule.small
  public let paths: [Split: String] = [
    .train: "BoolQ/train.jsonl", .validation: "BoolQ/val.jsonl",
  ]

  public let wording: Template = "question: {question} passage: {passage}"

  private struct Line: Decodable {
    var question: String
    var passage: String
    var label: Bool
  }

  public func read(
    _ file: URL, of part: Split, as form: DataForm,
    _ take: (Record) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    try JSONLinesFile(file).records(Line.self) { (line, _) throws(DatasetError) in
      let texts = ["question": line.question, "passage": line.passage]
      try take(Record(texts, .label(line.label ? 1 : 0)))
    }
  }
}
