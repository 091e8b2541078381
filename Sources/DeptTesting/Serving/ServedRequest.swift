/// A request as it came in to a `TinyServer`.
public struct ServedRequest: Sendable, Hashable {
  public var path: String
  /// By name in lower case.
  public var headers: [String: String]
}
