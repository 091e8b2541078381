public import Evaluation
public import Foundation

/// COPA: which of two sentences is the cause, or the effect, of another?
///
/// The wording is T5's (arXiv 1910.10683, appendix D). The paper's code leaves out whether cause or
/// effect is asked for, without which an item cannot be solved; the paper reports no COPA.
public struct COPA: PublishedDataset {
  public init() {}

  public let id: DatasetID = "copa"
  public let title = "COPA"
  public let benchmark = "SuperGLUE"
  public let citation =
    "Roemmele et al. 2011, Choice of plausible alternatives; SuperGLUE arXiv 1905.00537"
  public let licence = "BSD 2-clause"
  public let metrics: [Metric] = [.accuracy]
  public let labels = DatasetLabel.numbered("the first choice", "the second choice")
  public let sources = [
    RemoteFile("https://dl.fbaipublicfiles.com/glue/superglue/data/v2/COPA.zip", .archive)
  ]
  public let splitRule = SplitRule.small
  public let paths: [Split: String] = [
    .train: "COPA/train.jsonl", .validation: "COPA/val.jsonl",
  ]

  public let wording: Template =
    "choice1: {choice1} choice2: {choice2} premise: {premise} question: {question}"

  private struct Line: Decodable {
    var premise: String
    var choice1: String
    var choice2: String
    var question: String
    var label: Int
  }

  public func read(
    _ file: URL, of part: Split, as form: DataForm,
    _ take: (Record) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    try JSONLinesFile(file).records(Line.self) { (line, place) throws(DatasetError) in
      _ = try place.label(line.question, among: ["cause", "effect"], field: "question")
      let label = try place.label("\(line.label)", among: ["0", "1"], field: "label")
      let texts = [
        "premise": line.premise, "choice1": line.choice1, "choice2": line.choice2,
        "question": line.question,
      ]
      try take(Record(texts, .label(label)))
    }
  }
}
