public import Evaluation
public import Foundation

/// Yelp-2: is a review of a business positive?
///
/// Within the fields of the published CSV, line ends and quotes are escaped by a backslash.
public struct Yelp: PublishedDataset {
  public init() {}

  public let id: DatasetID = "yelp2"
  public let aliases: [DatasetID] = ["yelp", "yelp-2", "yelp-polarity"]
  public let title = "Yelp-2"
  public let benchmark = "Others"
  public let citation =
    "Zhang et al. 2015, Character-level convolutional networks for text classification; arXiv "
    + "1509.01626"
  public let licence = "Yelp's data set terms: for academic use, not to be passed on"
  public let metrics: [Metric] = [.accuracy]
  public let labels = DatasetLabel.numbered("negative", "positive")
  public let publishedDifference: String? =
    "Quotes stay doubled and escaped, and line ends stay written as \\n."
  public let sources = [
    RemoteFile("https://s3.amazonaws.com/fast-ai-nlp/yelp_review_polarity_csv.tgz", .archive)
  ]
  public let splitRule = SplitRule.large(limit: 100_000)
  public let paths: [Split: String] = [
    .train: "yelp_review_polarity_csv/train.csv", .validation: "yelp_review_polarity_csv/test.csv",
  ]

  public let wording: Template = "sentence: {sentence}"

  /// The text with `\n` as a line end and `\"` as a quote; other backslashes stay.
  private static func unescaped(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "\\")) else { return text }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    for byte in text.utf8 {
      let isEscaped = bytes.last == UInt8(ascii: "\\")
      if isEscaped, byte == UInt8(ascii: "n") {
        bytes[bytes.count - 1] = UInt8(ascii: "\n")
      } else if isEscaped, byte == UInt8(ascii: "\"") {
        bytes[bytes.count - 1] = byte
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Reads a line by its fixed places: `"1","` in front of the text and `"` behind it.
  private func readRaw(
    _ file: URL, _ take: (Record) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    let lines = try TextLines(file)
    try lines.forEach { (number, bytes) throws(DatasetError) in
      let place = FilePlace(path: lines.path, line: number)
      let line = try place.text(bytes).unicodeScalars
      guard line.count >= 6 else {
        throw place.malformed("expected \"1\",\"text\" or \"2\",\"text\", found a shorter line")
      }
      let found = String(line[line.index(after: line.startIndex)])
      let label = try place.label(found, among: ["1", "2"], field: "label")
      try take(
        Record(["sentence": String(line.dropFirst(5).dropLast())], .label(label)))
    }
  }

  public func read(
    _ file: URL, of part: Split, as form: DataForm,
    _ take: (Record) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    switch form {
    case .corrected:
      try CSVFile(file, columns: ["label", "text"]).rows(["label", "text"]) {
        (row) throws(DatasetError) in
        let label = try row.label("label", ["1", "2"])
        try take(Record(["sentence": Yelp.unescaped(row["text"])], .label(label)))
      }
    case .asPublished: try readRaw(file, take)
    }
  }
}
