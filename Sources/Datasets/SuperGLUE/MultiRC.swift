public import Evaluation
public import Foundation

/// MultiRC: is an answer to a question about a paragraph right?
///
/// Each answer is an example; the answers to one question share a `group`, such as `12-3` for the
/// question 3 of the paragraph 12.
public struct MultiRC: PublishedDataset {
  public init() {}

  public let id: DatasetID = "multirc"
  public let title = "MultiRC"
  public let benchmark = "SuperGLUE"
  public let citation =
    "Khashabi et al. 2018, Looking beyond the surface; SuperGLUE arXiv 1905.00537"
  public let licence = "not stated; paragraphs of several published sources, for research"
  public let metrics: [Metric] = [.multiRCF1, .multiRCExactMatch]
  public let labels = DatasetLabel.numbered("wrong", "right")
  public let sources = [
    RemoteFile("https://dl.fbaipublicfiles.com/glue/superglue/data/v2/MultiRC.zip", .archive)
  ]
  public let splitRule = SplitRule.small
  public let paths: [Split: String] = [
    .train: "MultiRC/train.jsonl", .validation: "MultiRC/val.jsonl",
  ]
  public let sourceLength = 348

  public let wording: Template = "question: {question} answer: {answer} paragraph: {paragraph}"

  private struct Line: Decodable {
    var idx: Int
    var passage: Passage
  }

  private struct Passage: Decodable {
    var text: String
    var questions: [Question]
  }

  private struct Question: Decodable {
    var idx: Int
    var question: String
    var answers: [Answer]
  }

  private struct Answer: Decodable {
    var text: String
    var label: Int
  }

  public func read(
    _ file: URL, of part: Split, as form: DataForm,
    _ take: (Record) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    try JSONLinesFile(file).records(Line.self) { (line, place) throws(DatasetError) in
      let paragraph = withoutMarkup(line.passage.text)
      for (number, question) in line.passage.questions.enumerated() {
        let asked = withoutMarkup(question.question)
        for (index, answer) in question.answers.enumerated() {
          let field = "passage.questions.[\(number)].answers.[\(index)].label"
          let label = try place.label("\(answer.label)", among: ["0", "1"], field: field)
          let texts = [
            "question": asked, "answer": withoutMarkup(answer.text), "paragraph": paragraph,
          ]
          try take(Record(texts, .label(label), group: "\(line.idx)-\(question.idx)"))
        }
      }
    }
  }

  private func withoutMarkup(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "<")) else { return text }
    return text.replacingOccurrences(of: "<br>", with: " ")
      .replacingOccurrences(of: "<b>", with: "")
      .replacingOccurrences(of: "</b>", with: "")
  }
}
