/// Turns text into the ids of a backbone's vocabulary and back.
///
/// Laws: `encode(text)` is `encodeWithoutEnd(text)` followed by `endToken`; every id lies in
/// `0..<vocabularySize`; equal texts give equal ids, from any thread.
public protocol Tokenizer: Sendable {
  /// The number of ids, special ones included. A backbone's embedding may have more rows.
  var vocabularySize: Int { get }
  /// The id that ends a sequence.
  var endToken: Int { get }
  /// The id that fills a sequence up to a common length.
  var padToken: Int { get }

  /// The ids of a text, without the end of the sequence.
  func encodeWithoutEnd(_ text: String) -> [Int]
  /// The text of ids. Special ids are left out, and so are ids past the vocabulary, which an
  /// embedding with rows to spare can produce.
  func decode(_ ids: [Int]) -> String
}

extension Tokenizer {
  /// The ids of a text, the end of the sequence included, as Hugging Face's
  /// `tokenizer(text).input_ids`.
  public func encode(_ text: String) -> [Int] {
    var ids = encodeWithoutEnd(text)
    ids.append(endToken)
    return ids
  }
}
