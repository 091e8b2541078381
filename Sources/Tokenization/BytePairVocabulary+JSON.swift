import Foundation

extension BytePairVocabulary {
  /// Reads the contents of a `tokenizer.json`; `path` is only named in errors.
  init(json: Data, settings: BytePairSettings, path: String) throws(TokenizerError) {
    let written = try VocabularyFile.json(
      json, Written.self, path: path, expecting: "a tokenizer.json as Hugging Face writes it")
    if let reason = written.foreign {
      throw .malformedSettings(path: path, reason: "\(reason): use a vocabulary made for GPT-2")
    }
    let known = Set(settings.added.map(\.id))
    let added = settings.added + (written.added_tokens ?? []).filter { !known.contains($0.id) }
    try self.init(
      ids: written.model.vocab, merges: written.model.merges.map(\.merge), added: added,
      unknown: written.model.unk_token,
      startsWithSpace: written.pre_tokenizer?.only?.add_prefix_space ?? false,
      path: path, mergesPath: path)
  }

  private struct Written: Decodable {
    var model: Model
    var added_tokens: [AddedToken]?
    var normalizer: Step?
    var pre_tokenizer: Step?
    var decoder: Step?
    var post_processor: Step?

    /// What is not as in GPT-2, if anything.
    var foreign: String? {
      if let normalizer { return "it changes texts by a normalizer of type \(normalizer.type)" }
      guard let splitter = pre_tokenizer?.only, splitter.type == "ByteLevel",
        splitter.use_regex ?? true
      else { return "its pre_tokenizer is not ByteLevel with GPT-2's expression" }
      guard decoder?.only?.type == "ByteLevel" else { return "its decoder is not ByteLevel" }
      guard post_processor?.keepsStart ?? true else {
        return "its post_processor puts a token before the text"
      }
      return model.foreign
    }
  }

  private struct Model: Decodable {
    var vocab: [String: Int]
    var merges: [Pair]
    var unk_token: String?
    var dropout: Double?
    var continuing_subword_prefix: String?
    var end_of_word_suffix: String?
    var fuse_unk: Bool?
    var byte_fallback: Bool?
    var ignore_merges: Bool?

    private enum Keys: String, CodingKey {
      case type, vocab, merges, unk_token, dropout, continuing_subword_prefix, end_of_word_suffix,
        fuse_unk, byte_fallback, ignore_merges
    }

    init(from decoder: any Decoder) throws {
      let model = try decoder.container(keyedBy: Keys.self)
      // Early files leave the type out.
      let type =
        try model.decodeIfPresent(String.self, forKey: .type)
        ?? (model.contains(.merges) ? "BPE" : "unknown")
      guard type == "BPE" else {
        throw ForeignVocabulary(
          reason: "its vocabulary is of type \(type) and GPT-2 needs BPE: use GPT-2's vocabulary")
      }
      vocab = try model.decode([String: Int].self, forKey: .vocab)
      merges = try model.decode([Pair].self, forKey: .merges)
      unk_token = try model.decodeIfPresent(String.self, forKey: .unk_token)
      dropout = try model.decodeIfPresent(Double.self, forKey: .dropout)
      continuing_subword_prefix =
        try model.decodeIfPresent(String.self, forKey: .continuing_subword_prefix)
      end_of_word_suffix = try model.decodeIfPresent(String.self, forKey: .end_of_word_suffix)
      fuse_unk = try model.decodeIfPresent(Bool.self, forKey: .fuse_unk)
      byte_fallback = try model.decodeIfPresent(Bool.self, forKey: .byte_fallback)
      ignore_merges = try model.decodeIfPresent(Bool.self, forKey: .ignore_merges)
    }

    /// What is not as in GPT-2, if anything.
    var foreign: String? {
      if dropout ?? 0 > 0 { return "it drops merges at random" }
      if !(continuing_subword_prefix ?? "").isEmpty || !(end_of_word_suffix ?? "").isEmpty {
        return "it marks where words begin or end"
      }
      if unk_token != nil && fuse_unk ?? false { return "it fuses unknown tokens" }
      if byte_fallback ?? false { return "it spells bytes by tokens such as <0x41>" }
      return ignore_merges ?? false ? "it ignores merges" : nil
    }
  }

  /// A merge, written as one text or as two.
  private struct Pair: Decodable {
    var merge: WrittenMerge

    init(from decoder: any Decoder) throws {
      let parts: [Substring]
      if let text = try? decoder.singleValueContainer().decode(String.self) {
        parts = text.utf8.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
          .map { Substring($0) }
      } else {
        parts = try decoder.singleValueContainer().decode([String].self).map { $0[...] }
      }
      guard parts.count == 2, let left = parts.first, let right = parts.last, !left.isEmpty,
        !right.isEmpty
      else {
        throw DecodingError.dataCorrupted(
          .init(codingPath: decoder.codingPath, debugDescription: "a merge is of two tokens"))
      }
      merge = WrittenMerge(left: left, right: right)
    }
  }

  /// A step of the way from a text to ids or back.
  private struct Step: Decodable {
    var type: String
    var add_prefix_space: Bool?
    var use_regex: Bool?
    var pretokenizers: [Step]?
    var decoders: [Step]?
    var processors: [Step]?
    var single: [Slot]?

    /// The step itself, or the only one in a sequence.
    var only: Step? {
      guard type == "Sequence" else { return self }
      let steps = (pretokenizers ?? []) + (decoders ?? [])
      return steps.count == 1 ? steps.first?.only : nil
    }

    /// Whether ids begin with those of the text.
    var keepsStart: Bool {
      switch type {
      case "ByteLevel": true
      case "TemplateProcessing": single?.first?.SpecialToken == nil
      case "Sequence": (processors ?? []).allSatisfy(\.keepsStart)
      default: false
      }
    }
  }

  /// A place of a template: of a text or of a token.
  private struct Slot: Decodable {
    struct Token: Decodable { var id: String }
    var SpecialToken: Token?
  }
}
