/// Splits captions into words as the COCO captions are split before they are scored.
///
/// The Penn Treebank's rules as Stanford's tokenizer has them, as far as captions need them, then
/// lower case, without punctuation. Brackets become `-lrb-` and the like, and stay.
public enum CaptionTokenizer {
  /// The words of one caption.
  public static func words(_ caption: String) -> [String] {
    var words: [String] = []
    let chunks = spelledOut(caption).split(whereSeparator: { $0.properties.isWhitespace })
    for (index, chunk) in chunks.enumerated() {
      let following = index + 1 < chunks.count ? chunks[index + 1].first : nil
      var scanner = CaptionScanner(Array(chunk), before: following)
      scanner.scan()
      words += scanner.words
    }
    return words
  }

  /// The caption with typographic marks in ASCII and fractions written out.
  private static func spelledOut(_ caption: String) -> [Unicode.Scalar] {
    var scalars: [Unicode.Scalar] = []
    for scalar in caption.unicodeScalars {
      if let spelling = spellings[scalar] {
        scalars += spelling.unicodeScalars
      } else {
        scalars.append(scalar)
      }
    }
    return scalars
  }

  private static let spellings: [Unicode.Scalar: String] = [
    "‘": "'", "’": "'", "“": "\"", "”": "\"", "–": "--", "—": "--", "…": "...", "½": "1/2",
    "¼": "1/4", "¾": "3/4",
  ]
}
