import Foundation
import Testing
import Tokenization

/// Byte-level BPE vocabularies that are missing, cut short, contradictory, or something else.
@Suite struct MalformedBytePairTests {
  private let tiny = TinyBytePair()

  /// What opening the files says is wrong, from the name of the file on.
  private func flaw(_ files: [String: String]) -> TokenizerError? {
    #expect(throws: TokenizerError.self) { try TinyBytePair.open(files) }
  }

  private func says(_ files: [String: String], _ parts: String...) {
    let flaw = flaw(files)
    for part in parts {
      #expect(flaw?.description.contains(part) == true, "\(String(describing: flaw))")
    }
  }

  @Test("a vocabulary without its merges, or merges without theirs, is missing input")
  func missing() throws {
    let unmerged = flaw(["vocab.json": try tiny.vocabulary])
    #expect(unmerged?.isMissingInput == true)
    #expect(unmerged?.description.contains("/merges.txt, which ") == true)
    let unlisted = flaw(["merges.txt": tiny.mergeLines])
    #expect(unlisted?.isMissingInput == true)
    #expect(unlisted?.description.contains("/vocab.json, which ") == true)
    let nothing = flaw(["config.json": "{}"])
    #expect(nothing?.isMissingInput == true)
    #expect(nothing?.description.contains("spiece.model, tokenizer.json and vocab.json") == true)
    let none = #expect(throws: TokenizerError.self) { try BytePairTokenizer(directory: "/none") }
    #expect(none == .missingFile(path: "/none"))
    let folder = FileManager.default.temporaryDirectory.path(percentEncoded: false)
    let file = #expect(throws: TokenizerError.self) {
      try BytePairTokenizer(jsonAt: "\(folder)/none-\(UUID()).json")
    }
    #expect(file?.isMissingInput == true)
  }

  @Test(
    "a vocab.json that is none is refused with the place",
    arguments: [
      ("", "it is not JSON"), ("{\n\"a\": 0,\n!}", "vocab.json:3: it is not JSON"),
      (#"{"a":0,"b""#, "vocab.json"), ("[]", "vocab.json: it does not fit an object of tokens"),
      (#"{"a":"0"}"#, "value of 'a' does not fit"), (#"{"a":0.5}"#, "a number in it does not fit"),
      (#"{"a":null}"#, "value of 'a' does not fit"), ("{}", "it holds no token"),
      (#"{"a":0,"b":2}"#, "no token has the id 1, but 'b' has 2"),
      (#"{"a":0,"b":0}"#, "the tokens 'a' and 'b' share the id 0"),
      (#"{"a":0,"b":-1}"#, "the token 'b' has the id -1"),
      (#"{"a":1}"#, "no token has the id 0"), (#"{"a":0,"b":9223372036854775807}"#, "the id 1"),
    ])
  func vocabularies(json: String, reason: String) {
    let files = ["vocab.json": json, "merges.txt": "#version: 0.2\n"]
    says(files, "vocab.json", reason, "copy")
  }

  @Test(
    "a line of merges.txt that is no merge of the vocabulary is refused with its number",
    arguments: [
      ("a b\na b c\n", "merges.txt:3: 'a b c' is not two tokens"),
      ("a b\r\nab\r\n", "merges.txt:3: 'ab' is not two tokens"),
      ("a  b\n", "merges.txt:2: 'a  b' is not two"), (" b\n", "merges.txt:2: ' b' is not two"),
      ("a b\nb b\n", "merges.txt:3: the merge of 'b' and 'b' needs 'bb', which is not in "),
      ("a x\n", "merges.txt:2: the merge of 'a' and 'x' needs 'x'"),
      ("漢 b\n", "merges.txt:2: the merge of '漢' and 'b' needs '漢'"),
    ])
  func merges(lines: String, reason: String) {
    let vocabulary = #"{"a":0,"b":1,"ab":2,"<|endoftext|>":3}"#
    says(["vocab.json": vocabulary, "merges.txt": "#version: 0.2\n" + lines], reason)
  }

  @Test("merges.txt needs no version, may end lines as Windows does, and may merge number signs")
  func lines() throws {
    let vocabulary = ###"{"#":0,"b":1,"##":2,"<|endoftext|>":3,"##b":4}"###
    for lines in ["# #\n## b", "#version: 0.2\n# #\n## b\n\n", "#version: 0.2\r\n# #\r\n## b\r\n"] {
      let tokenizer = try TinyBytePair.open(["vocab.json": vocabulary, "merges.txt": lines])
      #expect(tokenizer.encodeWithoutEnd("###") == [2, 0])
    }
  }

  @Test("a tokenizer.json that is not GPT-2's kind is refused in one sentence")
  func foreign() throws {
    let level = #"{"type":"ByteLevel"}"#
    let roberta = #"{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"a"}}]}"#
    for (json, reason) in [
      (#"{"model":{"type":"WordPiece","vocab":{}}}"#, "of type WordPiece"),
      ("{}", "value of 'model' does not fit"), ("{\n\n", "it is not JSON"),
      (#"{"model":{"type":"BPE","merges":[]}}"#, "value of 'model/vocab' does not fit"),
      (#"{"model":{"type":"BPE","vocab":{"a":0},"merges":["a"]}}"#, "value of 'model/merges/"),
      (try tiny.json(normalizer: #"{"type":"NFC"}"#), "a normalizer of type NFC"),
      (try tiny.json(preTokenizer: "null"), "its pre_tokenizer"),
      (try tiny.json(preTokenizer: #"{"type":"Whitespace"}"#), "its pre_tokenizer"),
      (
        try tiny.json(preTokenizer: #"{"type":"ByteLevel","use_regex":false}"#),
        "its pre_tokenizer"
      ),
      (
        try tiny.json(
          preTokenizer: #"{"type":"Sequence","pretokenizers":[\#(level),\#(level)]}"#),
        "its pre_tokenizer"
      ),
      (try tiny.json(decoder: "null"), "its decoder"),
      (try tiny.json(postProcessor: roberta), "before the text"),
      (try tiny.json(model: #""type":"BPE","dropout":0.1,"#), "merges at random"),
      (try tiny.json(model: #""type":"BPE","end_of_word_suffix":"</w>","#), "words begin or end"),
      (try tiny.json(model: #""type":"BPE","byte_fallback":true,"#), "<0x41>"),
      (try tiny.json(model: #""type":"BPE","ignore_merges":true,"#), "ignores merges"),
      (try tiny.json(model: #""type":"BPE","unk_token":"?!","#), "'?!' has no id"),
      (try tiny.json(added: #"{"id":9,"content":"<x>","lstrip":true}"#), "'<x>' has lstrip"),
      (try tiny.json(added: #"{"content":"<x>"}"#), "value of 'added_tokens/0/id'"),
      (try tiny.json(added: #"{"id":999,"content":"<x>"}"#), "no token has the id 277"),
      (try tiny.json(added: #"{"id":9,"content":"<x>"}"#), "share the id 9"),
      (try tiny.json(added: #"{"id":9,"content":"hello"}"#), "has the ids 259 and 9"),
    ] {
      says(["tokenizer.json": json], "tokenizer.json", reason)
    }
    let sequence = #"{"type":"Sequence","pretokenizers":[\#(level)]}"#
    let template = #"{"type":"TemplateProcessing","single":[{"Sequence":{"id":"A"}}]}"#
    let same = try tiny.json(preTokenizer: sequence, postProcessor: template)
    #expect(try TinyBytePair.open(["tokenizer.json": same]).encodeWithoutEnd("ab") == [260])
  }

  @Test("settings that ask for something else are refused with their file")
  func settings() throws {
    let files = ["vocab.json": try tiny.vocabulary, "merges.txt": tiny.mergeLines]
    for (json, reason) in [
      ("", "it is not JSON"), (#"{"eos_token":3}"#, "value of 'eos_token'"),
      (#"{"tokenizer_class":"CLIPTokenizer"}"#, "for a CLIPTokenizer"),
      (#"{"add_bos_token":true}"#, "add_bos_token is true"),
      (#"{"added_tokens_decoder":{"x":{"content":"<x>"}}}"#, "added_tokens_decoder/x"),
    ] {
      says(
        files.merging(["tokenizer_config.json": json]) { _, new in new }, "tokenizer_config.json",
        reason)
    }
    var endless = tiny
    endless.hasEnd = false
    let count = endless.tokens.count
    let unnamed = ["vocab.json": try endless.vocabulary, "merges.txt": endless.mergeLines]
    says(unnamed, "no token <|endoftext|> that ends a text", "eos_token_id in config.json")
    for id in [-1, count + 1] {
      says(
        unnamed.merging(["config.json": #"{"eos_token_id":\#(id)}"#]) { _, new in new },
        "config.json cannot be used: eos_token_id is \(id)")
    }
  }
}
