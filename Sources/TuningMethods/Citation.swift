/// Where a method comes from.
public struct Citation: Hashable, Sendable, Codable, CustomStringConvertible {
  /// Authors, title and year.
  public let text: String
  /// The arXiv identifier, where there is one.
  public let arXiv: String?

  public init(_ text: String, arXiv: String? = nil) {
    self.text = text
    self.arXiv = arXiv
  }

  public var description: String { arXiv.map { "\(text) (arXiv:\($0))" } ?? text }
}
