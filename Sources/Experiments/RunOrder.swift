/// The order in which the runs of a plan are started.
public enum RunOrder: Hashable, Sendable, Codable {
  /// As the plan lists them.
  case planned
  /// In an order that is drawn with a seed.
  case shuffled(seed: Int)
  /// One run of each value of a field in turn, such as `dataset`: a representative picture early.
  case interleaved(by: String)
  /// Those first that are predicted to take the least time.
  case cheapestFirst
}
