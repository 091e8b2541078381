import Foundation
import Tokenization

/// A vocabulary of bytes and a few merges, written as GPT-2's files are.
struct TinyBytePair {
  /// The merges, in the characters of the files: `Ġ` is a space, `Ċ` a newline.
  var merges = [
    ("h", "e"), ("l", "l"), ("he", "ll"), ("hell", "o"), ("a", "b"), ("b", "a"), ("ab", "a"),
    ("a", "a"), ("aa", "aa"), ("Ġ", "a"), ("Ġ", "hello"), ("Ġ", "ab"), ("b", "e"), ("Ġ", "Ġ"),
    ("'", "s"), ("Ã", "©"), ("1", "2"), ("!", "!"), ("ab", "ab"), ("Ċ", "Ċ"),
  ]
  var hasEnd = true

  /// The tokens in the order of their ids: bytes, merges, the end of a text.
  var tokens: [String] {
    Self.bytes.map { String(Character($0)) } + merges.map { $0 + $1 }
      + (hasEnd ? ["<|endoftext|>"] : [])
  }

  /// The character of each byte.
  static let bytes: [Unicode.Scalar] = {
    let visible = Array(33...126) + Array(161...172) + Array(174...255)
    let hidden = (0...255).filter { !visible.contains($0) }
    return (0...255).compactMap { byte in
      Unicode.Scalar(hidden.firstIndex(of: byte).map { UInt32(256 + $0) } ?? UInt32(byte))
    }
  }()

  /// `vocab.json`.
  var vocabulary: String {
    get throws {
      let ids = zip(tokens, 0...).map { ($0, $1) }
      let json = try JSONEncoder().encode(Dictionary(ids) { first, _ in first })
      return String(decoding: json, as: UTF8.self)
    }
  }

  /// `merges.txt`.
  var mergeLines: String {
    "#version: 0.2\n" + merges.map { "\($0) \($1)\n" }.joined()
  }

  /// `tokenizer.json`, with parts of it replaced.
  func json(
    model: String = #""type":"BPE","#, added: String = "", normalizer: String = "null",
    preTokenizer: String = #"{"type":"ByteLevel","add_prefix_space":false}"#,
    decoder: String = #"{"type":"ByteLevel"}"#, postProcessor: String = "null",
    asPairs: Bool = false
  ) throws -> String {
    let written =
      asPairs
      ? try JSONEncoder().encode(merges.map { [$0, $1] })
      : try JSONEncoder().encode(merges.map { "\($0) \($1)" })
    return """
      {"added_tokens":[\(added)],"normalizer":\(normalizer),"pre_tokenizer":\(preTokenizer),
      "post_processor":\(postProcessor),"decoder":\(decoder),"model":{\(model)
      "vocab":\(try vocabulary),"merges":\(String(decoding: written, as: UTF8.self))}}
      """
  }

  /// Opens the vocabulary in a folder of its own.
  func open(_ more: [String: String] = [:]) throws -> any Tokenizer {
    try Self.open(
      ["vocab.json": vocabulary, "merges.txt": mergeLines].merging(more) { _, new in new })
  }

  /// Opens a folder of files.
  static func open(_ files: [String: String]) throws -> any Tokenizer {
    let folder = FileManager.default.temporaryDirectory.appending(path: "dept-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, text) in files {
      try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
    }
    return try openTokenizer(at: folder.path(percentEncoded: false))
  }
}
