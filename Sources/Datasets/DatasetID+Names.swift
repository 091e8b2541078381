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
  public static let yelp2: DatasetID = "yelp2"
  /// SciTail.
  public static let scitail: DatasetID = "scitail"
  /// PAWS-Wiki.
  public static let paws: DatasetID = "paws"
  /// CommitmentBank (SuperGLUE).
  public static let cb: DatasetID = "cb"
  /// Yes-or-no questions about a passage (SuperGLUE).
  public static let boolq: DatasetID = "boolq"
  /// Answers to questions about a paragraph, right or wrong (SuperGLUE).
  public static let multirc: DatasetID = "multirc"
  /// Whether a word has one sense in two sentences (SuperGLUE).
  public static let wic: DatasetID = "wic"
  /// Whether a pronoun stands for a noun phrase, both marked in the text (SuperGLUE).
  public static let wscFixed: DatasetID = "wsc.fixed"
  /// Whether a pronoun stands for a noun phrase, as published (SuperGLUE).
  public static let wsc: DatasetID = "wsc"
  /// Which of two sentences is the cause or the effect of another (SuperGLUE).
  public static let copa: DatasetID = "copa"
  /// Which entity of a news passage fills a gap (SuperGLUE).
  public static let record: DatasetID = "record"
  /// Stanford Question Answering Dataset 1.1.
  public static let squad: DatasetID = "squad"
  /// Natural Questions with short answers (MRQA).
  public static let nq: DatasetID = "nq"
  /// Questions over two paragraphs of Wikipedia (MRQA).
  public static let hotpotqa: DatasetID = "hotpotqa"
  /// Clues of a quiz show with search results (MRQA).
  public static let searchqa: DatasetID = "searchqa"
  /// Questions about news articles (MRQA).
  public static let newsqa: DatasetID = "newsqa"
  /// Questions about images, version 2.
  public static let vqa: DatasetID = "vqa"
  /// Captions of images.
  public static let coco: DatasetID = "coco"
  /// One-sentence opinions, positive or negative; generated, no download.
  public static let genSentiment: DatasetID = "gen-sentiment"
  /// Whether one sentence follows from, contradicts or leaves open another; generated.
  public static let genEntailment: DatasetID = "gen-entailment"
  /// Whether two sentences say the same; generated.
  public static let genParaphrase: DatasetID = "gen-paraphrase"
}
