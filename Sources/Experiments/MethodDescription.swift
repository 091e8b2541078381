/// A tuning method as data: its catalogue name and its hyperparameters, without its Swift type.
public struct MethodDescription: Hashable, Sendable, Codable {
  /// The catalogue name, such as `dept`.
  public var name: String
  /// Swift property names and their values: `["promptLength": 40, "rank": 45]`.
  public var hyperparameters: [String: JSONValue]

  public init(name: String, hyperparameters: [String: JSONValue]) {
    self.name = name
    self.hyperparameters = hyperparameters
  }
}
