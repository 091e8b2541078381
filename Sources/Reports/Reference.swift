public import Datasets

/// A row of numbers that no run of the experiment produced, to compare with: a majority class, or
/// numbers quoted from a paper. It takes no part in ranking.
public struct Reference: Hashable, Sendable {
  public var title: String
  /// In percent, as the table's scores are.
  public var scores: [DatasetID: Double]
  /// Where the numbers are from; printed as a footnote.
  public var citation: String

  public init(_ title: String, scores: [DatasetID: Double], citation: String = "") {
    self.title = title
    self.scores = scores
    self.citation = citation
  }

  /// The accuracy of always answering the most frequent label.
  ///
  /// - Parameter shares: the percentage of the test split that the most frequent label has.
  public static func majorityClass(_ shares: [DatasetID: Double]) -> Reference {
    Reference("Majority class", scores: shares)
  }
}
