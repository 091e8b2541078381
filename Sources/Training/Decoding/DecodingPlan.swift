/// How answers are written.
public struct DecodingPlan: Hashable, Sendable, Codable {
  /// Beams a source; 1 is greedy.
  public var beams: Int
  /// At most so many tokens, the end token included.
  public var maximumLength: Int
  /// The exponent of the length that a beam's score is divided by.
  public var lengthPenalty: Double

  public init(beams: Int = 1, maximumLength: Int = 20, lengthPenalty: Double = 1) {
    self.beams = beams
    self.maximumLength = maximumLength
    self.lengthPenalty = lengthPenalty
  }
}
