/// A tuning method as data: its catalogue name and its hyperparameters, without its Swift type.
public struct MethodDescription: Hashable, Sendable, Codable {
  /// The catalogue name, such as `dept`.
  public var name: String
  /// Swift property names and their values: `["promptLength": 40, "rank": 45]`.
  public var hyperparameters: [String: JSONValue]

  /// What stands for the code of a method that is not of the catalogue: a digest of the
  /// experiment's file that declares it, so that an edited method is another method. `nil` for the
  /// catalogue's.
  public var source: String?

  /// The `source` of a method inside the process of the file that declares it.
  public static let thisFile = "this file"

  public init(name: String, hyperparameters: [String: JSONValue], source: String? = nil) {
    self.name = name
    self.hyperparameters = hyperparameters
    self.source = source
  }
}
