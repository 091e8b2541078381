public import Evaluation
public import Foundation

/// CommitmentBank: is the speaker committed to an embedded clause, to its opposite, or to neither?
public struct CB: PublishedDataset {
  public init() {}

  public let id: DatasetID = "cb"
  public let aliases: [DatasetID] = ["commitmentbank"]
  public let title = "CB"
  public let benchmark = "SuperGLUE"
  public let citation =
    "de Marneffe et al. 2019, The CommitmentBank; SuperGLUE arXiv 1905.00537"
  public let licence = "not stated; excerpts of published text, for research"
  public let metrics: [Metric] = [.accuracy, .macroF1(labels: ["0", "1", "2"])]
  /// The paper's code selects on F1 and reports accuracy.
  public let selection = Metric.macroF1(labels: ["0", "1", "2"])
  public let labels = DatasetLabel.numbered("entailment", "contradiction", "neutral")
  public let sources = [
    RemoteFile("https://dl.fbaipublicfiles.com/glue/superglue/data/v2/CB.zip", .archive)
  ]
  public let splitRule = SplitRule.small
  public let paths: [Split: String] = [.train: "CB/train.jsonl", .validation: "CB/val.jsonl"]

  public let wording: Template = "premise: {premise} hypothesis: {hypothesis}"

  private struct Line: Decodable {
    var premise: String
    var hypothesis: String
    var label: String
  }

  public func read(
    _ file: URL, of part: Split, as form: DataForm,
    _ take: (Record) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    let names = ["entailment", "contradiction", "neutral"]
    try JSONLinesFile(file).records(Line.self) { (line, place) throws(DatasetError) in
      let label = try place.label(line.label, among: names, field: "label")
      let texts = ["premise": line.premise, "hypothesis": line.hypothesis]
      try take(Record(texts, .label(label)))
    }
  }
}
