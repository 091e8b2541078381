/// How answers are found: written token by token, or chosen among labels.
public struct DecodingPlan: Hashable, Sendable, Codable {
  /// Beams a source; 1 is greedy.
  public var beams: Int
  /// At most so many tokens, the end token included.
  public var maximumLength: Int
  /// The exponent of the length that a beam's score is divided by.
  public var lengthPenalty: Double
  /// The only answers there are, at least one; `nil`: any text may be written.
  public private(set) var labels: [String]?

  public init(beams: Int = 1, maximumLength: Int = 20, lengthPenalty: Double = 1) {
    self.beams = beams
    self.maximumLength = maximumLength
    self.lengthPenalty = lengthPenalty
  }

  /// The label of the highest probability, its end token included; of equal ones the first.
  ///
  /// Every label is scored whole, by teacher forcing: unlike a written answer, the chosen one is
  /// always a label.
  ///
  /// - Throws: `TrainingError.noLabels` where there is none.
  public static func labels(_ labels: [String]) throws(TrainingError) -> DecodingPlan {
    guard !labels.isEmpty else { throw .noLabels }
    var plan = DecodingPlan()
    plan.labels = labels
    return plan
  }
}
