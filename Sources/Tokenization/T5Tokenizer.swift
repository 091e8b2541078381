import Foundation

/// The vocabulary of T5: SentencePiece unigrams (Kudo 2018, arXiv 1804.10959), an end of
/// sequence, and sentinels `<extra_id_0>` … for its span corruption (arXiv 1910.10683).
///
/// It does what Hugging Face's `T5Tokenizer` does: `</s>`, `<pad>`, `<unk>` and the sentinels,
/// spelled out in a text, become their single ids, and the text on either side is tokenized as
/// if it stood alone.
public struct T5Tokenizer: Tokenizer {
  public let vocabularySize: Int
  public let endToken: Int
  public let padToken: Int
  /// The id that stands for text the vocabulary cannot spell.
  public let unknownToken: Int
  /// The ids of `<extra_id_0>`, `<extra_id_1>` … in this order.
  public let sentinels: [Int]
  /// Whether decoded text loses the spaces before punctuation and contractions.
  public let tidiesSpaces: Bool

  private let model: SentencePieceModel
  private let literals: LiteralTokens
  /// Nil where the model has to see a text whole.
  private let words: UnigramWords?
  private let sentinelSet: Set<Int>

  /// Reads a directory in Hugging Face layout: `spiece.model`, or else `tokenizer.json`; and
  /// `tokenizer_config.json` if it is there.
  public init(directory: String) throws(TokenizerError) {
    let files = FileManager.default
    guard files.fileExists(atPath: directory) else { throw .missingFile(path: directory) }
    for name in ["spiece.model", "tokenizer.json"] {
      let path = "\(directory)/\(name)"
      if files.fileExists(atPath: path) {
        self = try T5Tokenizer(modelAt: path)
        return
      }
    }
    throw .missingVocabulary(directory: directory)
  }

  /// Reads a SentencePiece model file or a `tokenizer.json`, and `tokenizer_config.json` if it
  /// lies beside it.
  public init(modelAt path: String) throws(TokenizerError) {
    let url = URL(filePath: path)
    let directory = url.deletingLastPathComponent().path(percentEncoded: false)
    let contents = try VocabularyFile.contents(of: path)
    let bytes =
      url.pathExtension == "json"
      ? try UnigramVocabulary(json: contents, path: path).sentencePieceModel : Array(contents)
    try self.init(
      bytes: bytes, path: path, settings: T5TokenizerSettings(directory: directory))
  }

  /// Takes the bytes of a SentencePiece model, such as a trained one's. Sentinels that are pieces
  /// of the model keep their ids; missing ones follow the model's pieces, the first one last.
  public init(model bytes: [UInt8], sentinels: Int = 100) throws(TokenizerError) {
    try self.init(
      bytes: bytes, path: "the given model", settings: T5TokenizerSettings(sentinels: sentinels))
  }

  private init(bytes: [UInt8], path: String, settings: T5TokenizerSettings)
    throws(TokenizerError)
  {
    let model = try SentencePieceModel(bytes: bytes, path: path)
    guard let end = model.end else { throw .missingPiece(path: path, role: "end-of-sequence") }
    guard let unknown = model.unknown else { throw .missingPiece(path: path, role: "unknown") }
    guard let padding = model.padding else { throw .missingPiece(path: path, role: "padding") }

    let spelled = (0..<settings.sentinels).map { ("<extra_id_\($0)>", $0) }
    let known = spelled.map { model.id(of: $0.0) }
    // Hugging Face numbers the added sentinels backwards from the end of the vocabulary.
    let added = known.count { $0 == nil }
    var next = model.count + added
    let sentinels = known.map { id in
      if let id { return id }
      next -= 1
      return next
    }

    self.model = model
    self.sentinels = sentinels
    sentinelSet = Set(sentinels)
    vocabularySize = model.count + added
    endToken = end
    padToken = padding
    unknownToken = unknown
    tidiesSpaces = settings.tidiesSpaces
    literals = LiteralTokens(
      zip(spelled, sentinels).map { ($0.0, $1) }
        + [end, padding, unknown].map { (model.piece(of: $0), $0) })
    words = UnigramWords(model, bytes: bytes, literals: literals)
  }

  public func encodeWithoutEnd(_ text: String) -> [Int] {
    var text = text
    return text.withUTF8 { text in
      var ids: [Int] = []
      // Room for most texts, and for the end.
      ids.reserveCapacity(text.count / 3 + 2)
      if words?.append(text, to: &ids) == true { return ids }
      let spaced = Self.spacingOut(Array(text))
      append(spaced, to: &ids)
      return ids
    }
  }

  /// Appends the ids of a text, cut at its literals.
  private func append(_ text: [UInt8], to ids: inout [Int]) {
    let parts = literals.parts(of: text)
    text.withUnsafeBufferPointer { text in
      for part in parts {
        switch part {
        case .token(let id): ids.append(id)
        case .text(let range):
          let stretch = UnsafeBufferPointer(rebasing: text[range])
          // A text of one part was tried whole.
          if parts.count > 1, words?.append(stretch, to: &ids) == true { continue }
          ids.append(contentsOf: model.encode(stretch))
        }
      }
    }
  }

  /// The text with a space for each U+0085, the one kind of white space that transformers splits
  /// at and T5's own normalisation leaves alone.
  private static func spacingOut(_ text: [UInt8]) -> [UInt8] {
    var text = text
    for index in text.indices.dropFirst() where text[index - 1] == 0xc2 && text[index] == 0x85 {
      text[index - 1] = UInt8(ascii: " ")
      text[index] = UInt8(ascii: " ")
    }
    return text
  }

  public func decode(_ ids: [Int]) -> String {
    let text = PieceMeaning.text(
      of: ids.lazy
        .filter { (0..<model.count).contains($0) && !sentinelSet.contains($0) }
        .map(model.meaning))
    return tidiesSpaces ? tidyingSpaces(text) : text
  }
}
