public import Evaluation
public import Foundation

/// SQuAD 1.1: questions about paragraphs of Wikipedia.
public struct SQuAD: PublishedDataset {
  public init() {}

  public let id: DatasetID = "squad"
  public let aliases: [DatasetID] = ["squad1.1"]
  public let title = "SQuAD"
  public let benchmark = "MRQA"
  public let citation = "Rajpurkar et al. 2016, SQuAD, arXiv 1606.05250"
  public let licence = "CC BY-SA 4.0"
  public let metrics: [Metric] = [.squadF1, .squadExactMatch]
  /// The paper's code selects on exact match.
  public let selection = Metric.squadExactMatch
  public let sources = [
    RemoteFile("https://rajpurkar.github.io/SQuAD-explorer/dataset/train-v1.1.json", .plain),
    RemoteFile("https://rajpurkar.github.io/SQuAD-explorer/dataset/dev-v1.1.json", .plain),
  ]
  public let splitRule = SplitRule.large()
  public let paths: [Split: String] = [
    .train: "train-v1.1.json", .validation: "dev-v1.1.json",
  ]
  public let sourceLength = 512
  public let publishedDifference: String? =
    "the target is a printed Python dictionary of all answers and their places: "
    + "{ ' text ' : [ ' …"

  public let wording = ExtractiveQA.wording

  private struct Article: Decodable { var paragraphs: [Paragraph] }

  private struct Paragraph: Decodable {
    var context: String
    var qas: [Question]
  }

  private struct Question: Decodable {
    var question: String
    var answers: [Answer]
  }

  private struct Answer: Decodable {
    var text: String
    var answer_start: Int
  }

  public func read(
    _ file: URL, of part: Split, as form: DataForm,
    _ take: (Record) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    try JSONElements(file, "data").elements(Article.self) { (article, place) throws(DatasetError) in
      for (number, paragraph) in article.paragraphs.enumerated() {
        for (index, question) in paragraph.qas.enumerated() {
          guard !question.answers.isEmpty else {
            throw place.malformed(
              field: "paragraphs.[\(number)].qas.[\(index)].answers",
              "expected at least one answer, found an empty list")
          }
          let answers = question.answers
          let item = ExtractiveQA(
            question: question.question, context: paragraph.context,
            answers: form == .corrected ? answers.map(\.text) : [dictionary(of: answers)])
          try take(item.record(as: form))
        }
      }
    }
  }

  /// The answers as the paper's code prints them.
  private func dictionary(of answers: [Answer]) -> String {
    let texts = answers.map { PythonText.literal($0.text) }.joined(separator: ", ")
    let places = answers.map { "\($0.answer_start)" }.joined(separator: ", ")
    return "{'text': [\(texts)], 'answer_start': [\(places)]}"
  }
}
