/// How captions become the words that their metrics count.
public enum CaptionWords: Hashable, Sendable {
  /// `CaptionTokenizer` lower-cases and splits them, and leaves punctuation out.
  case tokenized
  /// They are split at white space and otherwise left as they are.
  case pretokenized

  /// The words of one caption.
  public func callAsFunction(_ caption: String) -> [String] {
    switch self {
    case .tokenized: CaptionTokenizer.words(caption)
    case .pretokenized: caption.split(whereSeparator: \.isWhitespace).map(String.init)
    }
  }
}
