/// The name of a backbone: one that ships (`nano`), one that can be fetched (`t5-base`,
/// `org/name`), or the path of a directory in Hugging Face layout.
public struct BackboneID: RawRepresentable, Hashable, Sendable, Codable, Comparable,
  ExpressibleByStringLiteral, CustomStringConvertible
{
  public let rawValue: String

  public init(rawValue: String) { self.rawValue = rawValue }
  public init(stringLiteral value: String) { rawValue = value }
  public init(from decoder: any Decoder) throws {
    rawValue = try decoder.singleValueContainer().decode(String.self)
  }
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(rawValue)
  }

  public var description: String { rawValue }
  public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}

extension BackboneID {
  /// The small backbone that ships with the project: a T5 pretrained on the generated suite.
  public static let nano: BackboneID = "nano"
  /// T5 v1.0 of 60 million parameters.
  public static let t5Small: BackboneID = "t5-small"
  /// T5 v1.0 of 220 million parameters, the backbone of the paper's main tables.
  public static let t5Base: BackboneID = "t5-base"
  /// T5 v1.0 of 770 million parameters.
  public static let t5Large: BackboneID = "t5-large"
  /// GPT-2 of 124 million parameters.
  public static let gpt2: BackboneID = "gpt2"
  /// GPT-2 of 355 million parameters.
  public static let gpt2Medium: BackboneID = "gpt2-medium"
  /// GPT-2 of 774 million parameters.
  public static let gpt2Large: BackboneID = "gpt2-large"
}
