/// A run of text inside a paragraph.
public indirect enum Inline: Hashable, Sendable, Codable, ExpressibleByStringLiteral {
  case text(String)
  case emphasis([Inline])
  case strong([Inline])
  case underlined([Inline])
  case code(String)
  /// A link; renderers drop addresses that are neither `http`, `https`, `mailto` nor relative.
  case link([Inline], to: String)

  public init(stringLiteral value: String) { self = .text(value) }

  /// The text alone.
  public var plain: String {
    switch self {
    case .text(let text), .code(let text): text
    case .emphasis(let parts), .strong(let parts), .underlined(let parts), .link(let parts, _):
      parts.plain
    }
  }
}

extension [Inline] {
  /// The text alone.
  public var plain: String { map(\.plain).joined() }
}
