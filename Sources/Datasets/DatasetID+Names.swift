extension DatasetID {
  /// Multi-genre Natural Language Inference (GLUE).
  public static let mnli: DatasetID = "mnli"
  /// Quora Question Pairs (GLUE).
  public static let qqp: DatasetID = "qqp"
  /// Question Natural Language Inference (GLUE).
  public static let qnli: DatasetID = "qnli"
  /// Stanford Sentiment Treebank, two classes (GLUE).
  public static let sst2: DatasetID = "sst2"
  /// Recognising Textual Entailment (GLUE).
  public static let rte: DatasetID = "rte"
  /// Semantic Textual Similarity Benchmark (GLUE).
  public static let stsb: DatasetID = "stsb"
  /// Microsoft Research Paraphrase Corpus (GLUE).
  public static let mrpc: DatasetID = "mrpc"
  /// Corpus of Linguistic Acceptability (GLUE).
  public static let cola: DatasetID = "cola"
  /// WinoGrande.
  public static let winogrande: DatasetID = "winogrande"
  /// Yelp reviews, two classes.
  public static let yelp: DatasetID = "yelp"
  /// SciTail.
  public static let scitail: DatasetID = "scitail"
  /// PAWS-Wiki.
  public static let paws: DatasetID = "paws"
  /// CommitmentBank (SuperGLUE).
  public static let cb: DatasetID = "cb"
  /// One-sentence opinions, positive or negative; generated, no download.
  public static let genSentiment: DatasetID = "gen-sentiment"
  /// Whether one sentence follows from, contradicts or leaves open another; generated.
  public static let genEntailment: DatasetID = "gen-entailment"
  /// Whether two sentences say the same; generated.
  public static let genParaphrase: DatasetID = "gen-paraphrase"
}
