extension DePT {
  private enum CodingKeys: String, CodingKey {
    case promptLength, rank, sourceLength, alpha, start, alignment
  }

  /// Leaves out the alignment at the start: runs from before there was another stay what they are.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(promptLength, forKey: .promptLength)
    try container.encode(rank, forKey: .rank)
    try container.encode(sourceLength, forKey: .sourceLength)
    try container.encode(alpha, forKey: .alpha)
    try container.encode(start, forKey: .start)
    if alignment != .start { try container.encode(alignment, forKey: .alignment) }
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      promptLength: try container.decode(Int.self, forKey: .promptLength),
      rank: try container.decode(Int.self, forKey: .rank),
      sourceLength: try container.decode(Int.self, forKey: .sourceLength),
      alpha: try container.decode(Float.self, forKey: .alpha),
      start: try container.decode(PromptStart.self, forKey: .start),
      alignment: try container.decodeIfPresent(Alignment.self, forKey: .alignment) ?? .start)
  }
}
