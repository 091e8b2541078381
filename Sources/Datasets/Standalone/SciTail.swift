public import Evaluation
public import Foundation

/// SciTail: does a sentence entail the answer to a school science question?
///
/// Its published test part is not used: the paper halves the validation part instead.
public struct SciTail: PublishedDataset {
  public init() {}

  public let id: DatasetID = "scitail"
  public let title = "SciTail"
  public let benchmark = "Others"
  public let citation =
    "Khot et al. 2018, SciTail: a textual entailment dataset from science question answering"
  public let licence = "not stated; by the Allen Institute for AI, for research"
  public let metrics: [Metric] = [.accuracy]
  public let labels = DatasetLabel.numbered("entailment", "neutral")
  public let sources = [
    RemoteFile("http://data.allenai.org.s3.amazonaws.com/downloads/SciTailV1.1.zip", .archive)
  ]
  public let splitRule = SplitRule.small
  public let paths: [Split: String] = [
    .train: "SciTailV1.1/snli_format/scitail_1.0_train.txt",
    .validation: "SciTailV1.1/snli_format/scitail_1.0_dev.txt",
  ]

  public let wording: Template = "premise: {premise} hypothesis: {hypothesis}"

  private struct Line: Decodable {
    var sentence1: String
    var sentence2: String
    var label: String

    enum CodingKeys: String, CodingKey {
      case sentence1
      case sentence2
      case label = "gold_label"
    }
  }

  public func read(
    _ file: URL, of part: Split, as form: DataForm,
    _ take: (Record) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    try JSONLinesFile(file).records(Line.self) { (line, place) throws(DatasetError) in
      let names = ["entailment", "neutral"]
      let label = try place.label(line.label, among: names, field: "gold_label")
      let texts = ["premise": line.sentence1, "hypothesis": line.sentence2]
      try take(Record(texts, .label(label)))
    }
  }
}
