extension DatasetID {
  /// Stanford Sentiment Treebank, two classes (GLUE).
  public static let sst2: DatasetID = "sst2"
  /// Recognising Textual Entailment (GLUE).
  public static let rte: DatasetID = "rte"
  /// CommitmentBank (SuperGLUE).
  public static let cb: DatasetID = "cb"
  /// One-sentence opinions, positive or negative; generated, no download.
  public static let genSentiment: DatasetID = "gen-sentiment"
  /// Whether one sentence follows from, contradicts or leaves open another; generated.
  public static let genEntailment: DatasetID = "gen-entailment"
  /// Whether two sentences say the same; generated.
  public static let genParaphrase: DatasetID = "gen-paraphrase"
}
