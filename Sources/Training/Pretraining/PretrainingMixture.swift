public import Datasets

/// What a backbone is pretrained on: supervised examples and plain text, both by index.
public struct PretrainingMixture: Sendable {
  /// The supervised example at an index, or `nil` where there is none at all.
  public var supervised: (@Sendable (Int) -> Example)?
  /// The text at an index, or `nil` where there is none at all.
  public var text: (@Sendable (Int) -> String)?
  /// The share of steps that are span corruption, from 0 to 1.
  public var spanShare: Double

  public init(
    supervised: (@Sendable (Int) -> Example)?, text: (@Sendable (Int) -> String)?,
    spanShare: Double
  ) {
    self.supervised = supervised
    self.text = text
    self.spanShare = supervised == nil ? 1 : text == nil ? 0 : spanShare
  }
}
