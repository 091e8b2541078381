import Foundation

@testable import Tokenization

/// A unigram vocabulary in two ways: as the tokenizer has it, and as SentencePiece alone does.
struct UnigramFixture: Sendable {
  let bytes: [UInt8]
  let model: SentencePieceModel
  let tokenizer: T5Tokenizer

  init(_ bytes: [UInt8]) throws {
    self.bytes = bytes
    model = try SentencePieceModel(bytes: bytes, path: "fixture")
    tokenizer = try T5Tokenizer(model: bytes)
  }

  init(path: String) throws {
    self = try UnigramFixture(Array(Data(contentsOf: URL(filePath: path))))
  }

  /// A vocabulary of these pieces, after T5's special ones.
  init(_ pieces: KeyValuePairs<String, Float>) throws {
    self = try UnigramFixture(Self.vocabulary(pieces).sentencePieceModel)
  }

  static func vocabulary(_ pieces: KeyValuePairs<String, Float>) -> UnigramVocabulary {
    let specials = ["<pad>", "</s>", "<unk>"]
    return UnigramVocabulary(
      pieces: specials.map { .init(text: $0, score: 0) }
        + pieces.map { .init(text: $0.key, score: $0.value) },
      unknown: 2, specials: Set(specials), byteFallback: false, normalization: Data())
  }

  /// The shipped vocabulary.
  static func shipped() throws -> UnigramFixture {
    let package = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    return try UnigramFixture(
      path: package.appending(path: "Sources/Backbones/Shipped/nano/spiece.model").path)
  }

  /// What SentencePiece makes of a text that spells out no special token.
  func whole(_ text: String) -> [Int] {
    Array(text.utf8).withUnsafeBufferPointer(model.encode)
  }

  /// A fresh encoder of words, with nothing learnt.
  var words: UnigramWords? {
    UnigramWords(model, bytes: bytes, literals: LiteralTokens([("</s>", 1)]))
  }

  /// What a fresh encoder of words makes of a text, or nil where it leaves it alone.
  func wordwise(_ text: String) -> [Int]? { words.flatMap { wordwise(text, $0) } }

  /// What an encoder of words makes of a text, or nil where it leaves it alone.
  func wordwise(_ text: String, _ words: UnigramWords) -> [Int]? {
    var ids: [Int] = []
    let isCertain = Array(text.utf8).withUnsafeBufferPointer { words.append($0, to: &ids) }
    return isCertain ? ids : nil
  }
}
