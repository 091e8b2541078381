import Foundation

/// A unigram vocabulary as Hugging Face's `tokenizer.json` holds it.
struct UnigramVocabulary: Equatable {
  /// A piece with the logarithm of its probability.
  struct Piece: Equatable {
    var text: String
    var score: Float
  }

  /// The pieces in the order of their ids.
  var pieces: [Piece]
  /// The id that stands for text the vocabulary cannot spell.
  var unknown: Int
  /// The spellings of the pieces that are never found in plain text.
  var specials: Set<String>
  /// Whether pieces such as `<0x41>` stand for bytes.
  var byteFallback: Bool
  /// The compiled rules that bring text to one form; empty leaves it as it is.
  var normalization: Data
}

extension UnigramVocabulary {
  /// Reads the contents of a `tokenizer.json`; `path` is only named in errors.
  init(json: Data, path: String) throws(TokenizerError) {
    func unusable(_ reason: String) -> TokenizerError {
      .malformedSettings(path: path, reason: reason)
    }
    let kind: Kind
    do {
      kind = try JSONDecoder().decode(Kind.self, from: json)
    } catch {
      throw unusable("it is not a tokenizer.json as Hugging Face writes it, copy it again")
    }
    // Early files leave the type out.
    guard kind.model.type ?? "Unigram" == "Unigram" else {
      throw unusable(
        "its vocabulary is of type \(kind.model.type ?? "") and T5 needs Unigram")
    }
    let written: Written
    do {
      written = try JSONDecoder().decode(Written.self, from: json)
    } catch {
      throw unusable("its Unigram vocabulary is not a list of pieces and scores, copy it again")
    }
    var pieces = written.model.vocab.map(\.piece)
    guard pieces.indices.contains(written.model.unk_id) else {
      throw unusable(
        "its unk_id \(written.model.unk_id) is not among its \(pieces.count) pieces")
    }
    let added = written.added_tokens ?? []
    for token in added.sorted(by: { $0.id < $1.id }) where token.id >= pieces.count {
      guard token.id == pieces.count else {
        throw unusable("its added token '\(token.content)' leaves ids before it unused")
      }
      pieces.append(Piece(text: token.content, score: 0))
    }
    self.pieces = pieces
    unknown = written.model.unk_id
    specials = Set(added.map(\.content))
    byteFallback = written.model.byte_fallback ?? false
    guard let rules = written.normalizer.map({ $0.rules }) ?? Data() else {
      throw unusable("its normalizer is none of SentencePiece's")
    }
    normalization = rules
  }

  private struct Kind: Decodable {
    struct Model: Decodable {
      var type: String?
    }
    var model: Model
  }

  private struct Written: Decodable {
    struct Model: Decodable {
      var vocab: [ScoredPiece]
      var unk_id: Int
      var byte_fallback: Bool?
    }
    struct AddedToken: Decodable {
      var id: Int
      var content: String
    }
    var model: Model
    var added_tokens: [AddedToken]?
    var normalizer: Normalizer?
  }

  /// A list of a text and a number.
  private struct ScoredPiece: Decodable {
    var piece: Piece

    init(from decoder: any Decoder) throws {
      var list = try decoder.unkeyedContainer()
      piece = Piece(text: try list.decode(String.self), score: try list.decode(Float.self))
    }
  }

  private struct Normalizer: Decodable {
    var type: String
    var precompiled_charsmap: String?
    var normalizers: [Normalizer]?

    /// The compiled rules in it, or nil where it does what no such rules do.
    var rules: Data? {
      switch type {
      case "Precompiled": precompiled_charsmap.flatMap { Data(base64Encoded: $0) }
      // Both gather white space, which SentencePiece does by itself.
      case "Strip", "Replace": Data()
      case "Sequence":
        (normalizers ?? []).reduce(Data()) { rules, step in
          guard let rules, let more = step.rules else { return nil }
          return rules.isEmpty ? more : more.isEmpty ? rules : nil
        }
      default: nil
      }
    }
  }
}
