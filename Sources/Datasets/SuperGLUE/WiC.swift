public import Evaluation
public import Foundation

/// WiC: does a word have the same sense in two sentences?
public struct WiC: PublishedDataset {
  public init() {}

  public let id: DatasetID = "wic"
  public let title = "WiC"
  public let benchmark = "SuperGLUE"
  public let citation =
    "Pilehvar and Camacho-Collados 2019, WiC, arXiv 1808.09121; SuperGLUE arXiv 1905.00537"
  public let licence = "CC BY-NC 4.0; examples of WordNet, VerbNet and Wiktionary"
  public let metrics: [Metric] = [.accuracy]
  public let labels = DatasetLabel.numbered("another sense", "the same sense")
  public let sources = [
    RemoteFile("https://dl.fbaipublicfiles.com/glue/superglue/data/v2/WiC.zip", .archive)
  ]
  public let splitRule = SplitRule.small
  public let paths: [Split: String] = [.train: "WiC/train.jsonl", .validation: "WiC/val.jsonl"]

  public let wording: Template = "sentence1: {sentence1} sentence2: {sentence2} word: {word}"

  private struct Line: Decodable {
    var sentence1: String
    var sentence2: String
    var word: String
    var label: Bool
  }

  public func read(
    _ file: URL, of part: Split, as form: DataForm,
    _ take: (Record) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    try JSONLinesFile(file).records(Line.self) { (line, _) throws(DatasetError) in
      let texts = [
        "sentence1": line.sentence1, "sentence2": line.sentence2, "word": line.word,
      ]
      try take(Record(texts, .label(line.label ? 1 : 0)))
    }
  }
}
