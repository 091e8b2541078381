/// A data set as runs use it: its examples by split, in a fixed order.
public struct PreparedDataset: Hashable, Sendable {
  public let id: DatasetID
  /// Every split has an entry, an empty one where the data set has no such examples.
  public let splits: [Split: Examples]

  public init(_ id: DatasetID, _ splits: [Split: Examples]) {
    self.id = id
    self.splits = Dictionary(
      uniqueKeysWithValues: Split.allCases.map { ($0, splits[$0] ?? []) })
  }

  public init(_ id: DatasetID, _ splits: [Split: some Sequence<Example>]) {
    self.init(id, splits.mapValues { Examples($0) })
  }

  public subscript(split: Split) -> Examples { splits[split] ?? [] }
}
