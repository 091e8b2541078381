/// How a data set's published parts become the three splits, as in the DePT paper's code.
///
/// Most benchmarks publish no test labels, so a part of what is labelled stands in for them.
public enum SplitRule: Hashable, Sendable {
  /// The published parts as they are.
  case official
  /// Sets of fewer than 10,000 examples: the shuffled published validation part is halved, the
  /// first half (rounded down) being for validation, the rest for test.
  case small
  /// Larger sets: `heldOut` shuffled training examples are for validation, the remainder (at most
  /// `limit` of it) for training, and the published validation part is for test.
  case large(heldOut: Int = 1000, limit: Int? = nil)

  /// The seed of every split: the paper's.
  public static let seed: UInt64 = 42

  /// The published parts the rule reads.
  public var parts: Set<Split> {
    self == .official ? [.train, .validation, .test] : [.train, .validation]
  }

  /// The three splits, made from the published parts that `read` returns.
  func apply(
    to id: DatasetID, _ read: (Split) throws(DatasetError) -> Examples
  ) throws(DatasetError) -> [Split: Examples] {
    switch self {
    case .official:
      return [
        .train: try read(.train), .validation: try read(.validation), .test: try read(.test),
      ]
    case .small:
      let train = try read(.train)
      let published = try read(.validation)
      guard published.count >= 2 else { throw .tooFew(id, count: published.count, needed: 2) }
      let shuffled = SplitRule.shuffled(published)
      let half = published.count / 2
      return [
        .train: train, .validation: published.selecting(shuffled[..<half]),
        .test: published.selecting(shuffled[half...]),
      ]
    case .large(let heldOut, let limit):
      let published = try read(.train)
      guard published.count >= 2 else { throw .tooFew(id, count: published.count, needed: 2) }
      let shuffled = SplitRule.shuffled(published)
      // An excerpt too small for the published number gives half of itself.
      let count = published.count >= 2 * heldOut ? heldOut : published.count / 2
      let remainder = shuffled[count...]
      return [
        .train: published.selecting(remainder.prefix(limit ?? remainder.count)),
        .validation: published.selecting(shuffled[..<count]), .test: try read(.validation),
      ]
    }
  }

  /// The examples' places in the order of `torch.randperm` with the splits' seed.
  static func shuffled(_ examples: Examples) -> [Int] {
    TorchPermutation.indices(examples.count, seed: seed)
  }
}
