/// How an item becomes the text a model reads: `premise: {premise} hypothesis: {hypothesis}`.
///
/// A name in braces stands for one of the item's texts; a doubled brace is a brace.
public struct Template: Hashable, Sendable {
  /// The template as written.
  public let text: String
  /// What is wrong with a literal; `nil` for a template.
  let mistake: String?
  private let parts: [Part]

  private enum Part: Hashable, Sendable {
    case words(String)
    case field(String)
  }

  /// Why a text is no template.
  public struct Mistake: Error, Hashable, Sendable, CustomStringConvertible {
    /// One sentence with place and remedy.
    public let description: String
  }

  /// - Throws: `Mistake` for a brace without its partner and for an empty name.
  public init(_ text: String) throws(Mistake) {
    self.text = text
    var parts: [Part] = []
    var words = ""
    var rest = text[...]
    while let character = rest.popFirst() {
      if character == "{" || character == "}", rest.first == character {
        rest.removeFirst()
        words.append(character)
      } else if character == "{" {
        guard let end = rest.firstIndex(where: { $0 == "}" || $0 == "{" }), rest[end] == "}",
          end > rest.startIndex
        else {
          throw Mistake(
            description:
              "the template '\(text)' has a '{' without a name and a '}' after it: write "
              + "{name}, and {{ for a brace")
        }
        if !words.isEmpty { parts.append(.words(words)) }
        words = ""
        parts.append(.field(String(rest[..<end])))
        rest = rest[rest.index(after: end)...]
      } else if character == "}" {
        throw Mistake(
          description:
            "the template '\(text)' has a '}' without a '{' before it: write {name}, and "
            + "}} for a brace")
      } else {
        words.append(character)
      }
    }
    if !words.isEmpty { parts.append(.words(words)) }
    self.parts = parts
    mistake = nil
  }

  /// The texts it names, in the order of their first use.
  public var fields: [String] {
    var fields: [String] = []
    for case .field(let name) in parts where !fields.contains(name) { fields.append(name) }
    return fields
  }

  /// The text for an item; a name that the item has no text for leaves nothing.
  public func render(_ texts: [String: String]) -> String {
    var text = ""
    for part in parts {
      switch part {
      case .words(let words): text += words
      case .field(let name): text += texts[name] ?? ""
      }
    }
    return text
  }
}

extension Template: ExpressibleByStringLiteral {
  /// A literal that is no template is one that no data set can use, for a reason that plans and
  /// loading tell.
  public init(stringLiteral text: String) {
    do {
      self = try Template(text)
    } catch {
      self.text = text
      parts = []
      mistake = error.description
    }
  }
}

extension Template: Codable {
  public init(from decoder: any Decoder) throws {
    // One that is none is told by whoever uses it, with its place.
    self.init(stringLiteral: try decoder.singleValueContainer().decode(String.self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}
