import Foundation

/// A text in which a pronoun may stand for a noun phrase, as the lines of WSC hold it.
struct WSCItem: Decodable {
  /// Words of the text, and the place of the first, from 0, counted by white space.
  struct Span {
    var text: String
    var index: Int
  }

  var text: String
  /// The noun phrase.
  var span1: Span
  /// The pronoun.
  var span2: Span
  /// Whether the pronoun stands for the noun phrase.
  var label: Bool

  private enum Key: String, CodingKey { case text, target, label }
  private enum SpanKey: String, CodingKey {
    case text1 = "span1_text"
    case index1 = "span1_index"
    case text2 = "span2_text"
    case index2 = "span2_index"
  }

  init(from decoder: any Decoder) throws {
    let line = try decoder.container(keyedBy: Key.self)
    text = try line.decode(String.self, forKey: .text)
    label = try line.decode(Bool.self, forKey: .label)
    let spans = try line.nestedContainer(keyedBy: SpanKey.self, forKey: .target)
    span1 = Span(
      text: try spans.decode(String.self, forKey: .text1),
      index: try spans.decode(Int.self, forKey: .index1))
    span2 = Span(
      text: try spans.decode(String.self, forKey: .text2),
      index: try spans.decode(Int.self, forKey: .index2))
  }

  /// Reads every line of a file of WSC and checks that spans begin inside the text.
  static func read(
    _ file: URL, _ take: (WSCItem) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    try JSONLinesFile(file).records(WSCItem.self) { (item, place) throws(DatasetError) in
      let words = item.words.count
      for (name, span) in [("span1", item.span1), ("span2", item.span2)] {
        guard (0..<words).contains(span.index) else {
          throw place.malformed(
            field: "target.\(name)_index",
            "expected the place of one of the \(words) words of the text, found \(span.index)")
        }
        guard !span.text.isEmpty else {
          throw place.malformed(
            field: "target.\(name)_text", "expected words of the text, found none")
        }
      }
      try take(item)
    }
  }

  var words: [Substring] { text.split(whereSeparator: \.isWhitespace) }

  /// The text with `* noun phrase *` and `# pronoun #`, as T5 reads it (arXiv 1910.10683).
  ///
  /// A noun phrase that is not at its place stays unmarked, and with it a pronoun that follows.
  var marked: String {
    let first = mark(span1, at: span1.index, in: text, with: "*")
    // The first mark is a word before the span and one after it.
    let shift = span1.index < span2.index ? 2 : 0
    return mark(span2, at: span2.index + shift, in: first, with: "#")
  }

  private func mark(_ span: Span, at index: Int, in text: String, with sign: String) -> String {
    let words = text.split(whereSeparator: \.isWhitespace)
    guard index < words.count else { return text }
    let start = words[index].startIndex
    guard text[start...].hasPrefix(span.text) else { return text }
    let end = text.index(start, offsetBy: span.text.count)
    return "\(text[..<start])\(sign) \(span.text) \(sign)\(text[end...])"
  }

  /// The item with spans that are words of the text: many differ from it in the case of the first
  /// letter, some in a full stop or a line break.
  var repaired: WSCItem {
    var item = self
    item.span1 = repaired(span1)
    item.span2 = repaired(span2)
    return item
  }

  private func repaired(_ span: Span) -> Span {
    guard !text.contains(span.text), let initial = words[span.index].first else { return span }
    let first = span.text.prefix(1)
    var words = (initial.isLowercase ? first.lowercased() : first.uppercased())
    words += span.text.dropFirst()
    while words.last == "." { words.removeLast() }
    words = words.replacingOccurrences(of: "\n", with: " ")
    return Span(text: words, index: span.index)
  }
}
