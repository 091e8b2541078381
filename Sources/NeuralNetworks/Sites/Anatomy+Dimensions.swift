extension Anatomy {
  /// What the blocks of a backbone are made of, for methods that build blocks of their own.
  public struct Dimensions: Hashable, Sendable {
    /// How rows are normalised before a sublayer.
    public enum Normalization: Sendable {
      /// By their root mean square, with a weight, as in T5.
      case rootMeanSquare
      /// By mean and variance, with weight and bias, as in GPT-2.
      case layer
    }

    /// Attention heads.
    public var headCount: Int
    /// The width of one head; `headCount · headWidth` need not be the model's.
    public var headWidth: Int
    /// The inner width of the feed-forward sublayers.
    public var innerWidth: Int
    /// Buckets of relative positions; `nil` where positions are absolute.
    public var bucketCount: Int?
    public var normalization: Normalization
    /// Added to variances before they divide.
    public var epsilon: Float

    public init(
      headCount: Int, headWidth: Int, innerWidth: Int, bucketCount: Int?,
      normalization: Normalization, epsilon: Float
    ) {
      self.headCount = headCount
      self.headWidth = headWidth
      self.innerWidth = innerWidth
      self.bucketCount = bucketCount
      self.normalization = normalization
      self.epsilon = epsilon
    }
  }
}
