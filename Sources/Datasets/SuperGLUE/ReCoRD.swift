public import Evaluation
public import Foundation

/// ReCoRD: which entity of a news passage belongs in the gap of a query?
///
/// The splits are made of queries; for training, a query is repeated for each of its answers.
public struct ReCoRD: PublishedDataset {
  public init() {}

  public let id: DatasetID = "record"
  public let title = "ReCoRD"
  public let benchmark = "SuperGLUE"
  public let citation = "Zhang et al. 2018, ReCoRD, arXiv 1810.12885; SuperGLUE arXiv 1905.00537"
  public let licence = "not stated; news of CNN and Daily Mail, for research"
  public let metrics: [Metric] = [.recordF1, .recordExactMatch]
  public let sources = [
    RemoteFile("https://dl.fbaipublicfiles.com/glue/superglue/data/v2/ReCoRD.zip", .archive)
  ]
  public let splitRule = SplitRule.large()
  public let paths: [Split: String] = [
    .train: "ReCoRD/train.jsonl", .validation: "ReCoRD/val.jsonl",
  ]
  public let publishedDifference: String? =
    "queries of the validation and test splits are also repeated for each answer, which alone "
    + "counts as right there, and in training"

  public let wording: Template = "record query: {query} entities: {entities} passage: {passage}"

  private struct Line: Decodable {
    var passage: Passage
    var qas: [Query]
  }

  private struct Passage: Decodable {
    var text: String
    var entities: [Entity]
  }

  private struct Entity: Decodable {
    var start: Int
    /// The last of its code points.
    var end: Int
  }

  private struct Query: Decodable {
    var query: String
    var answers: [Answer]?
  }

  private struct Answer: Decodable { var text: String }

  /// Gives one record for each query, its first answer being the target.
  public func read(
    _ file: URL, of part: Split, as form: DataForm,
    _ take: (Record) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    try JSONLinesFile(file).records(Line.self) { (line, place) throws(DatasetError) in
      let scalars = Array(line.passage.text.unicodeScalars)
      var entities: [String] = []
      for (index, entity) in line.passage.entities.enumerated() {
        guard entity.start >= 0, entity.end >= entity.start, entity.end < scalars.count else {
          throw place.malformed(
            field: "passage.entities.[\(index)]",
            "expected a span of the passage's \(scalars.count) characters, found "
              + "\(entity.start) to \(entity.end)")
        }
        entities.append(String(String.UnicodeScalarView(scalars[entity.start...entity.end])))
      }
      let shared = [
        "entities": distinct(entities).joined(separator: ", "),
        "passage": withoutHighlights(line.passage.text),
      ]
      for query in line.qas {
        var answers = distinct((query.answers ?? []).map(\.text))
        if answers.isEmpty { answers = ["<unk>"] }
        let texts = shared.merging(["query": query.query]) { $1 }
        try take(Record(texts, .text(answers[0], accepted: answers)))
      }
    }
  }

  public func load(
    from dataDirectory: URL, as preparation: Preparation
  ) throws(DatasetError) -> PreparedDataset {
    let queries = try splitRecords(from: dataDirectory, as: preparation)
    var splits = queries.splits
    for split in Split.allCases where split == .train || preparation.form == .asPublished {
      var builder = PackedExamples.Builder(in: dataDirectory)
      for query in queries[split] {
        for answer in query.references {
          var example = query
          example.target = answer
          if preparation.form == .asPublished { example.references = [answer] }
          try builder.append(example)
        }
      }
      splits[split] = Examples(try builder.finish())
    }
    return PreparedDataset(id, splits)
  }

  /// Each text once, in the order of code points.
  private func distinct(_ texts: [String]) -> [String] {
    // Texts that only look the same are not the same: bytes are compared.
    let sorted = texts.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    var distinct: [String] = []
    for text in sorted where !(distinct.last?.utf8.elementsEqual(text.utf8) ?? false) {
      distinct.append(text)
    }
    return distinct
  }

  /// The passage with its highlights as sentences, as T5 reads it.
  private func withoutHighlights(_ passage: String) -> String {
    let parts = passage.components(separatedBy: "\n@highlight\n")
    var text = parts[0]
    for (last, part) in zip(parts, parts.dropFirst()) {
      let isSentence =
        last.unicodeScalars.last.map { ".?!\"'".unicodeScalars.contains($0) } ?? false
      text += (isSentence ? " " : ". ") + part
    }
    return text
  }
}
