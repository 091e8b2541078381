/// What is in a prepared data set: sizes, label balance, text lengths.
public struct DatasetStatistics: Hashable, Sendable {
  /// The numbers of one split.
  public struct SplitStatistics: Hashable, Sendable {
    public var examples: Int
    /// Examples by target, in the order of the targets; empty where targets are free text.
    public var labels: [LabelCount]
    /// The lengths of sources and of targets; `nil` where there are no examples.
    public var source: LengthDistribution?
    public var target: LengthDistribution?
  }

  /// How many examples have one target.
  public struct LabelCount: Hashable, Sendable {
    public var target: String
    /// What the target stands for, where the data set says so.
    public var meaning: String?
    public var examples: Int
  }

  /// Every split has an entry.
  public let splits: [Split: SplitStatistics]

  /// - Parameters:
  ///   - labels: the data set's label names; empty: a split with at most 20 distinct targets is
  ///     taken to be a classification.
  ///   - length: the length of a text; words between white space unless given.
  public init(
    _ dataset: PreparedDataset, labels: [DatasetLabel] = [],
    length: (String) -> Int = DatasetStatistics.words
  ) {
    var splits: [Split: SplitStatistics] = [:]
    for split in Split.allCases {
      let examples = dataset[split]
      splits[split] = SplitStatistics(
        examples: examples.count,
        labels: DatasetStatistics.balance(examples, labels),
        source: LengthDistribution(examples.map { length($0.source) }),
        target: LengthDistribution(examples.map { length($0.target) }))
    }
    self.splits = splits
  }

  /// The number of words between white space.
  public static func words(_ text: String) -> Int {
    text.split(whereSeparator: \.isWhitespace).count
  }

  private static func balance(_ examples: Examples, _ labels: [DatasetLabel]) -> [LabelCount] {
    var counts: [String: Int] = [:]
    for example in examples { counts[example.target, default: 0] += 1 }
    guard !labels.isEmpty || counts.count <= 20 else { return [] }
    for label in labels { counts[label.target, default: 0] += 0 }
    return counts.sorted { $0.key < $1.key }.map { target, count in
      LabelCount(
        target: target, meaning: labels.first { $0.target == target }?.meaning, examples: count)
    }
  }
}
