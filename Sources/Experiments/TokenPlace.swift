/// Where the ids of a run's examples are kept between runs.
public struct TokenPlace: Hashable, Sendable, Codable {
  /// The folder of a `TokenCache`.
  public var directory: String
  /// What stands for data, wording and vocabulary, for each of the run's data sets.
  public var keys: [String]

  public init(directory: String, keys: [String]) {
    self.directory = directory
    self.keys = keys
  }
}
