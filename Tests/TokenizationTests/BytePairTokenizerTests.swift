import Foundation
import Testing
import Tokenization

/// GPT-2's kind of tokenizer on a vocabulary of 256 bytes and twenty merges.
@Suite struct BytePairTokenizerTests {
  private let tiny = TinyBytePair()

  private func spelled(_ text: String, _ tokenizer: any Tokenizer) -> [String] {
    tokenizer.encodeWithoutEnd(text).map { tiny.tokens[$0] }
  }

  @Test(
    "words are cut as GPT-2 cuts them, and merges stay within them",
    arguments: [
      ("hello hello", ["hello", "Ġhello"]), ("abab", ["abab"]), ("ababa", ["ab", "aba"]),
      ("aab", ["a", "ab"]), ("aaaa", ["aaaa"]), ("aaaaa", ["aaaa", "a"]), ("", []),
      ("a  ab", ["a", "Ġ", "Ġab"]), ("a   ", ["a", "ĠĠ", "Ġ"]),
      ("a \n\nb", ["a", "Ġ", "Ċ", "Ċ", "b"]),
      ("a\n\n", ["a", "ĊĊ"]), ("'sa", ["'s", "a"]), ("'Sa", ["'", "S", "a"]),
      ("a's", ["a", "'s"]), (" 's", ["Ġ", "'", "s"]), ("é", ["Ã©"]), ("12a", ["12", "a"]),
      ("1 2", ["1", "Ġ", "2"]), ("!!a", ["!!", "a"]), ("a\u{a0}b", ["a", "Â", "ł", "b"]),
      ("a<|endoftext|>b", ["a", "<|endoftext|>", "b"]), (" <|endoftext|>", ["Ġ", "<|endoftext|>"]),
      ("<|endoftext", ["<", "|", "e", "n", "d", "o", "f", "t", "e", "x", "t"]),
    ])
  func words(text: String, tokens: [String]) throws {
    let tokenizer = try tiny.open()
    #expect(spelled(text, tokenizer) == tokens)
    #expect(tokenizer.encode(text) == tokenizer.encodeWithoutEnd(text) + [tiny.tokens.count - 1])
    if !text.contains("<|endoftext|>") {
      #expect(tokenizer.decode(tokenizer.encode(text)) == text)
    }
  }

  @Test("ids are those of merging the earliest pair first, for short words and for long ones")
  func agreesWithDefinition() throws {
    let tokenizer = try tiny.open()
    let ids = Dictionary(zip(tiny.tokens, 0...)) { first, _ in first }
    let ranks = Dictionary(zip(tiny.merges.map { [$0, $1] }, 0...)) { first, _ in first }
    var state: UInt64 = 15_08
    func draw(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    let letters = Array("aaabbhelo")
    for length in Array(0..<140) + [400, 1000] {
      let word = String((0..<length).map { _ in letters[draw(letters.count)] })
      var parts = word.map { String($0) }
      while true {
        let known = zip(parts, parts.dropFirst()).enumerated()
          .compactMap { index, pair in ranks[[pair.0, pair.1]].map { ($0, index) } }
        guard let (_, index) = known.min(by: { $0 < $1 }) else { break }
        parts[index...index + 1] = [parts[index] + parts[index + 1]]
      }
      #expect(tokenizer.encodeWithoutEnd(word) == parts.compactMap { ids[$0] })
    }
  }

  @Test("a word of 200,000 letters takes no quadratic time", .timeLimit(.minutes(1)))
  func longWord() throws {
    let tokenizer = try tiny.open()
    let word = String(repeating: "hellobaab", count: 22_222)
    let ids = tokenizer.encodeWithoutEnd(word)
    #expect(ids.count == 3 * 22_222)
    #expect(tokenizer.decode(ids) == word)
  }

  @Test("all characters come back, and bytes that are no text are replaced")
  func decoding() throws {
    let tokenizer = try tiny.open()
    let text = "\0\u{85}\u{300}e\u{301} 𝄞🙂 漢字 \u{feff}\u{10ffff} ²Ⅷ\r\n\t"
    #expect(tokenizer.decode(tokenizer.encode(text)) == text)
    let bytes = { (bytes: [Int]) in tokenizer.decode(bytes) }
    #expect(bytes([0xe2, 0x61]) == "\u{fffd}a")
    #expect(bytes([0xe2, 0x82, 0x61]) == "\u{fffd}a")
    #expect(bytes([0xff, 0x80, 0xe2, 0x82, 0xac]) == "\u{fffd}\u{fffd}€")
    #expect(bytes([0x61, tokenizer.endToken, -1, 99_999, 0x62]) == "ab")
    #expect(bytes([]) == "")
  }

  @Test("tokenizer.json is the same vocabulary as vocab.json and merges.txt")
  func json() throws {
    let files = try tiny.open()
    let untyped = try tiny.json(model: "")
    for json in [try tiny.json(), try tiny.json(asPairs: true), untyped] {
      let tokenizer = try TinyBytePair.open(["tokenizer.json": json])
      #expect(tokenizer.vocabularySize == files.vocabularySize)
      #expect(tokenizer.endToken == files.endToken)
      for text in ["hello hello", "a's  12\n\n!!", "a<|endoftext|>b é"] {
        #expect(tokenizer.encode(text) == files.encode(text))
      }
    }
  }

  @Test("added tokens keep their ids; special ones are left out of decoded text")
  func addedTokens() throws {
    let next = tiny.tokens.count
    let added = """
      {"id":\(next),"content":"<x>"},{"id":\(next + 1),"content":"<é y>","special":true}
      """
    let json = try TinyBytePair.open(["tokenizer.json": tiny.json(added: added)])
    let settings = """
      {"added_tokens_decoder":{"\(next + 1)":{"content":"<é y>","special":true}},
      "pad_token":{"content":"<é y>"}}
      """
    let files = try tiny.open([
      "added_tokens.json": #"{"<x>":\#(next)}"#, "tokenizer_config.json": settings,
    ])
    for tokenizer in [json, files] {
      #expect(tokenizer.vocabularySize == next + 2)
      let ids = tokenizer.encodeWithoutEnd("a<x>b<é y><|endoftext|>")
      #expect(ids == [0x61, next, 0x62, next + 1, next - 1])
      #expect(tokenizer.decode(ids) == "a<x>b")
    }
    #expect(json.padToken == json.endToken)
    #expect(files.padToken == next + 1)
  }

  @Test("the end of a text is a token by name, or else what config.json says")
  func end() throws {
    var endless = tiny
    endless.hasEnd = false
    let count = endless.tokens.count
    let named = try tiny.open(["tokenizer_config.json": #"{"eos_token":"hello"}"#])
    #expect(named.endToken == 259)
    #expect(named.decode([0x61, 259, count]) == "a")
    let byID = try endless.open(["config.json": #"{"eos_token_id":10}"#])
    #expect(byID.endToken == 10)
    #expect(byID.padToken == 10)
    #expect(byID.vocabularySize == count)
    let appended = try endless.open(["config.json": #"{"eos_token_id":\#(count)}"#])
    #expect(appended.vocabularySize == count + 1)
    #expect(appended.encode("a<|endoftext|>") == [0x61, count, count])
    #expect(appended.decode([0x61, count]) == "a")
  }

  @Test("a space is put before texts where the vocabulary asks for it")
  func prefixSpace() throws {
    let spaced = try tiny.json(preTokenizer: #"{"type":"ByteLevel","add_prefix_space":true}"#)
    let tokenizers = [
      try TinyBytePair.open(["tokenizer.json": spaced]),
      try tiny.open(["tokenizer_config.json": #"{"add_prefix_space":true}"#]),
    ]
    for tokenizer in tokenizers {
      #expect(spelled("ab", tokenizer) == ["Ġab"])
      #expect(spelled(" ab", tokenizer) == ["Ġab"])
      #expect(spelled("", tokenizer) == [])
    }
  }

  @Test("bytes without a token are left out, or are the unknown token")
  func unknownBytes() throws {
    let model = #""vocab":{"a":0,"b":1,"?":2,"ab":3,"<|endoftext|>":4},"merges":["a b"]}}"#
    let head = #"{"pre_tokenizer":{"type":"ByteLevel"},"decoder":{"type":"ByteLevel"},"model":{"#
    let silent = try TinyBytePair.open(["tokenizer.json": head + model])
    #expect(silent.encode("axbéab") == [3, 3, 4])
    let spoken = try TinyBytePair.open(["tokenizer.json": head + #""unk_token":"?","# + model])
    #expect(spoken.encode("axbab") == [0, 2, 1, 3, 4])
  }
}
