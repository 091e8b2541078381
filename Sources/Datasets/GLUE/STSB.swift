public import Evaluation
public import Foundation

/// STS-B: how much do two sentences mean the same, from 0 to 5?
///
/// A model writes the score to the nearest fifth, ties to the even one, as T5 was trained to
/// (Raffel et al. 2020, section 2.4); it is judged against the score people gave, which is not
/// rounded.
public struct STSB: PublishedDataset {
  public init() {}

  public let id: DatasetID = "stsb"
  public let aliases: [DatasetID] = ["sts-b"]
  public let title = "STS-B"
  public let benchmark = "GLUE"
  public let citation =
    "Cer et al. 2017, SemEval task 1: semantic textual similarity; GLUE arXiv 1804.07461"
  public let licence = "not stated as a whole, its parts differ; for research"
  public let metrics: [Metric] = [.pearson, .spearman]
  public let publishedDifference: String? =
    "Scores are rounded to the nearest tenth instead of fifth, and outputs are judged against the "
    + "rounded score."
  public let sources = [
    RemoteFile("https://dl.fbaipublicfiles.com/glue/data/STS-B.zip", .archive)
  ]
  public let splitRule = SplitRule.small
  public let paths: [Split: String] = [
    .train: "STS-B/train.tsv", .validation: "STS-B/dev.tsv",
  ]

  public let wording: Template = "sentence1: {sentence1} sentence2: {sentence2}"

  /// Pairs that score at most 2.5, and those that score more.
  public func fewShotClass(of example: Example) -> String {
    (Double(example.references[0]) ?? 0) <= 2.5 ? "0" : "1"
  }

  /// The score to the nearest 0.2, computed in the 32 bits of T5's own preparation.
  private static func fifth(_ score: Float) -> String {
    String(format: "%.1f", Double((score * 5).rounded(.toNearestOrEven) / 5))
  }

  /// The score to the nearest 0.1, as NumPy rounds the 32-bit score.
  private static func tenth(_ score: Float) -> String {
    String(format: "%.1f", (Double(score) * 10).rounded(.toNearestOrEven) / 10)
  }

  public func read(
    _ file: URL, of part: Split, as form: DataForm,
    _ take: (Record) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    let columns = ["sentence1", "sentence2", "score"]
    try TSVFile(file).rows(columns) { (row) throws(DatasetError) in
      guard let score = Float(row["score"]), (0...5).contains(score) else {
        throw row.place.malformed(
          field: "score", "expected a number from 0 to 5, found '\(row["score"])'")
      }
      let answer: Record.Answer =
        switch form {
        case .corrected: .text(STSB.fifth(score), accepted: [row["score"]])
        case .asPublished: .text(STSB.tenth(score))
        }
      try take(Record(row.texts("sentence1", "sentence2"), answer))
    }
  }
}
