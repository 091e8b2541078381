public import Evaluation
public import Foundation

/// MRPC: do two sentences of news say the same?
///
/// One file holds what GLUE calls training and development part; a list of pairs tells them apart.
public struct MRPC: PublishedDataset {
  public init() {}

  public let id: DatasetID = "mrpc"
  public let title = "MRPC"
  public let benchmark = "GLUE"
  public let citation =
    "Dolan and Brockett 2005, Automatically constructing a corpus of sentential paraphrases; GLUE "
    + "arXiv 1804.07461"
  public let licence = "Microsoft Research's own; for research"
  public let metrics: [Metric] = [.accuracy, .f1]
  public let labels = DatasetLabel.numbered("different", "equivalent")
  public let sources = [
    RemoteFile(
      "https://dl.fbaipublicfiles.com/senteval/senteval_data/msr_paraphrase_train.txt", .plain),
    RemoteFile("https://dl.fbaipublicfiles.com/glue/data/mrpc_dev_ids.tsv", .plain),
  ]
  public let splitRule = SplitRule.small
  public let paths: [Split: String] = [
    .train: "msr_paraphrase_train.txt", .validation: "msr_paraphrase_train.txt",
  ]

  public let wording: Template = "sentence1: {sentence1} sentence2: {sentence2}"

  public let companions = ["mrpc_dev_ids.tsv"]

  private struct Pair: Hashable {
    var first: String
    var second: String
  }

  private func developmentPairs(beside file: URL) throws(DatasetError) -> Set<Pair> {
    var pairs: Set<Pair> = []
    let list = file.deletingLastPathComponent().appending(path: companions[0])
    try TSVFile(list).rows(["#1 ID", "#2 ID"]) { (row) throws(DatasetError) in
      pairs.insert(Pair(first: row["#1 ID"], second: row["#2 ID"]))
    }
    return pairs
  }

  public func read(
    _ file: URL, of part: Split, as form: DataForm,
    _ take: (Record) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    let pairs = try developmentPairs(beside: file)
    let columns = ["Quality", "#1 ID", "#2 ID", "#1 String", "#2 String"]
    try TSVFile(file).rows(columns) { (row) throws(DatasetError) in
      let pair = Pair(first: row["#1 ID"], second: row["#2 ID"])
      guard pairs.contains(pair) == (part == .validation) else { return }
      let label = try row.label("Quality", ["0", "1"])
      let texts = ["sentence1": row["#1 String"], "sentence2": row["#2 String"]]
      try take(Record(texts, .label(label)))
    }
  }
}
