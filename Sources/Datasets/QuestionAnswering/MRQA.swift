import Foundation

/// A file of the MRQA 2019 shared task: a header line, then one context with its questions a line.
///
/// Fisch et al. 2019 (arXiv 1910.09753). Contexts keep their `[DOC]`, `[TLE]` and `[PAR]`.
struct MRQA {
  static let folder = "https://s3.us-east-2.amazonaws.com/mrqa/release/v2"
  static let paths: [Split: String] = [.train: "train.jsonl", .validation: "dev.jsonl"]

  /// The files of one of the task's data sets, by the task's name for it.
  static func sources(_ name: String) -> [RemoteFile] {
    [
      RemoteFile("\(folder)/train/\(name).jsonl.gz", .gzip, name: "train.jsonl"),
      RemoteFile("\(folder)/dev/\(name).jsonl.gz", .gzip, name: "dev.jsonl"),
    ]
  }

  static let publishedDifference = "only the first answer to a question counts as right"

  private enum Line: Decodable {
    case header
    case paragraph(context: String, [Question])

    private enum Key: String, CodingKey { case header, context, qas }

    init(from decoder: any Decoder) throws {
      let line = try decoder.container(keyedBy: Key.self)
      if line.contains(.header) {
        self = .header
      } else {
        self = .paragraph(
          context: try line.decode(String.self, forKey: .context),
          try line.decode([Question].self, forKey: .qas))
      }
    }
  }

  private struct Question: Decodable {
    var question: String
    var answers: [String]
  }

  static func read(
    _ file: URL, as form: DataForm, _ take: (Record) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    try JSONLinesFile(file).records(Line.self) { (line, place) throws(DatasetError) in
      guard case .paragraph(let context, let questions) = line else { return }
      for (index, question) in questions.enumerated() {
        guard !question.answers.isEmpty else {
          throw place.malformed(
            field: "qas.[\(index)].answers", "expected at least one answer, found an empty list")
        }
        let item = ExtractiveQA(
          question: question.question, context: context, answers: question.answers)
        try take(item.record(as: form))
      }
    }
  }
}
