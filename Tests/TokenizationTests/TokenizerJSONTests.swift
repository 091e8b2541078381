import Foundation
import Testing
import Tokenization

/// Vocabularies as Hugging Face's `tokenizer.json`.
@Suite struct TokenizerJSONTests {
  private func open(_ json: String) throws -> T5Tokenizer {
    let folder = FileManager.default.temporaryDirectory.appending(path: "dept-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try json.write(to: folder.appending(path: "tokenizer.json"), atomically: true, encoding: .utf8)
    return try T5Tokenizer(directory: folder.path(percentEncoded: false))
  }

  private func vocabulary(
    model: String = #""type":"Unigram","unk_id":2,"#, added: String = "",
    normalizer: String = "null"
  ) -> String {
    let pieces = #"["<pad>",0],["</s>",0],["<unk>",0],["▁",-2],["▁ab",-1.5],["c",-3],["b",-3]"#
    return #"{"version":"1.0","normalizer":\#(normalizer),"added_tokens":["#
      + #"{"id":0,"content":"<pad>"},{"id":1,"content":"</s>"},{"id":2,"content":"<unk>"}\#(added)],"#
      + #""model":{\#(model)"vocab":[\#(pieces)]}}"#
  }

  @Test("pieces, special tokens and sentinels keep the ids of the file")
  func ids() throws {
    let added = #",{"id":7,"content":"<extra_id_1>"},{"id":8,"content":"<extra_id_0>"}"#
    for normalizer in ["null", #"{"type":"Strip"}"#, #"{"type":"Sequence","normalizers":[]}"#] {
      let tokenizer = try open(vocabulary(added: added, normalizer: normalizer))
      #expect(tokenizer.encode("ab  c abc<extra_id_0>x</s>") == [4, 3, 5, 4, 5, 8, 3, 2, 1, 1])
      #expect(tokenizer.sentinels.prefix(2) == [8, 7])
      #expect(tokenizer.decode([4, 8, 3, 5, 1, 0]) == "ab c")
    }
    // Files of early versions do not say the type.
    #expect(try open(vocabulary(model: #""unk_id":2,"#)).encode("ab") == [4, 1])
  }

  @Test(
    "a file that is no T5 vocabulary is refused with its name",
    arguments: [
      ("", "as Hugging Face writes it"), ("{}", "as Hugging Face writes it"),
      (#"{"model":{"type":"BPE","vocab":{"a":1}}}"#, "of type BPE"),
      (#"{"model":{"type":"Unigram","unk_id":0,"vocab":[["a"]]}}"#, "pieces and scores"),
      (#"{"model":{"type":"Unigram","unk_id":9,"vocab":[["a",1]]}}"#, "unk_id 9"),
      (#"{"model":{"type":"Unigram","unk_id":0,"vocab":[["<unk>",0],["a",-1]]}}"#, "end-of-seq"),
      (#"{"model":{"type":"Unigram","unk_id":0,"vocab":[["<unk>",0],["",-1]]}}"#, "SentencePiece"),
    ])
  func malformed(json: String, reason: String) throws {
    let error = #expect(throws: TokenizerError.self) { try open(json) }
    #expect(error?.description.contains("tokenizer.json") == true)
    #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
  }

  @Test("gaps between ids and foreign normalisers are refused")
  func foreign() throws {
    let gap = #expect(throws: TokenizerError.self) {
      try open(vocabulary(added: #",{"id":9,"content":"<x>"}"#))
    }
    #expect(gap?.description.contains("'<x>' leaves ids") == true)
    for normalizer in [#"{"type":"Lowercase"}"#, #"{"type":"Precompiled"}"#] {
      let error = #expect(throws: TokenizerError.self) {
        try open(vocabulary(normalizer: normalizer))
      }
      #expect(error?.description.contains("normalizer") == true)
    }
  }
}
