/// The data sets that have a name, and the way to those that have a path.
public struct DatasetCatalogue: Sendable {
  /// In the order catalogues list them.
  public let datasets: [any Dataset]

  public init(_ datasets: [any Dataset]) { self.datasets = datasets }

  /// Every data set of the package; a new one is added here and nowhere else.
  public static let standard = DatasetCatalogue([
    MNLI(), QQP(), QNLI(), SST2(), STSB(), MRPC(), RTE(), CoLA(),
    MultiRC(), BoolQ(), WiC(), WSC(), WSCFixed(), CB(), ReCoRD(), COPA(),
    SQuAD(), NaturalQuestions(), HotpotQA(), SearchQA(), NewsQA(),
    WinoGrande(), Yelp(), SciTail(), PAWS(),
    VQA(), COCOCaptions(),
    GeneratedDataset(.sentiment),
    GeneratedDataset(.entailment),
    GeneratedDataset(.paraphrase),
    LengthDataset(length: 256),
    LengthDataset.sst2,
  ])

  /// The data set of this name, or the user's own data at this path.
  ///
  /// A name that ends in `.jsonl`, `.csv` or `.tsv`, starts with a dot or contains a slash is a
  /// path; `length-N` is there for every length, though only one is listed.
  ///
  /// - Throws: `DatasetError.unknown` with the nearest names.
  public func dataset(_ id: DatasetID) throws(DatasetError) -> any Dataset {
    if let known = datasets.first(where: { $0.id == id || $0.aliases.contains(id) }) {
      return known
    }
    if let generated = LengthDataset(id) { return generated }
    if OwnDataset.isPath(id) { return OwnDataset(id) }
    let names = datasets.flatMap { [$0.id] + $0.aliases }
    let nearest = NameDistance.nearest(to: id.rawValue, among: names.map(\.rawValue))
    throw .unknown(id, nearest: nearest.map { DatasetID(rawValue: $0) })
  }
}
