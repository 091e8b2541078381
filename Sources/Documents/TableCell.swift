/// One cell of a table, as data: renderers decide how a best value or a deviation looks.
public struct TableCell: Hashable, Sendable, Codable {
  /// What a cell shows.
  public enum Content: Hashable, Sendable, Codable {
    case blank
    case text(String)
    case score(Statistic)
    /// A number that is printed in a form of its own: `76.8k` for 76 800.
    case quantity(Double, printed: String)
    /// Not there (yet).
    case missing
    /// Tried, and failed.
    case failed
  }

  /// How a score stands among those it is compared with.
  public enum Rank: String, Hashable, Sendable, Codable { case best, second }

  public var content: Content
  public var rank: Rank?
  /// A short remark beside the value, such as `n=2`.
  public var remark: String
  /// Marks of footnotes.
  public var marks: [String]

  public init(
    _ content: Content, rank: Rank? = nil, remark: String = "", marks: [String] = []
  ) {
    self.content = content
    self.rank = rank
    self.remark = remark
    self.marks = marks
  }

  /// A cell of text.
  public static func text(_ text: String) -> TableCell { TableCell(.text(text)) }
}

/// A mean and how far its values lie apart.
public struct Statistic: Hashable, Sendable, Codable {
  public var mean: Double
  /// `nil` where there is nothing to deviate: one value, or values that cannot be paired.
  public var deviation: Double?
  /// The number of values.
  public var count: Int
  /// Decimals printed, of the mean and the deviation alike.
  public var decimals: Int

  public init(mean: Double, deviation: Double? = nil, count: Int, decimals: Int) {
    self.mean = mean
    self.deviation = deviation
    self.count = count
    self.decimals = decimals
  }

  /// The mean as printed: two statistics tie when these are equal.
  public var printedMean: String { NumberFormat.fixed(mean, decimals) }

  /// The deviation as printed.
  public var printedDeviation: String? { deviation.map { NumberFormat.fixed($0, decimals) } }
}
