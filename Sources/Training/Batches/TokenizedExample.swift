/// An example as token ids, cut to length with the end token kept.
public struct TokenizedExample: Hashable, Sendable {
  public let source: [Int]
  public let target: [Int]

  public init(source: [Int], target: [Int]) {
    self.source = source
    self.target = target
  }
}
