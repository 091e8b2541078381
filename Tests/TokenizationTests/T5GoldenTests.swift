import Foundation
import Testing
import Tokenization

/// T5's ids beside those of transformers and sentencepiece, on real text in many scripts.
@Suite struct T5GoldenTests {
  private static let golden = "golden/tokenization.jsonl"
  private static let json = "tokenizers/t5/t5-small.tokenizer.json"
  private static let model = "tokenizers/t5/spiece.model"

  private struct Line: Decodable {
    var text: String
    var t5_hf: [Int]
    var t5_sp: [Int]
  }

  private static func lines(_ shared: String) throws -> [Line] {
    let text = try String(contentsOfFile: "\(shared)/\(golden)", encoding: .utf8)
    return try text.utf8.split(separator: UInt8(ascii: "\n")).map {
      try JSONDecoder().decode(Line.self, from: Data($0))
    }
  }

  @Test(
    "every golden line gets the ids that transformers gives it",
    .enabled(if: SharedFolder.has(golden, model), Comment(rawValue: SharedFolder.reason)))
  func matchesTransformers() throws {
    let shared = try #require(SharedFolder.path)
    let tokenizer = try T5Tokenizer(modelAt: "\(shared)/\(Self.model)")
    #expect(tokenizer.vocabularySize == 32_100)
    #expect(tokenizer.endToken == 1)
    #expect(tokenizer.padToken == 0)
    #expect(tokenizer.unknownToken == 2)
    let lines = try Self.lines(shared)
    #expect(lines.count == 618)
    for line in lines {
      #expect(tokenizer.encode(line.text) == line.t5_hf)
      if !line.text.contains("<unk>") {
        #expect(tokenizer.encodeWithoutEnd(line.text) == line.t5_sp)
      }
    }
  }

  @Test(
    "tokenizer.json is the same vocabulary as spiece.model",
    .enabled(if: SharedFolder.has(golden, json), Comment(rawValue: SharedFolder.reason)))
  func readsJSON() throws {
    let shared = try #require(SharedFolder.path)
    let tokenizer = try T5Tokenizer(modelAt: "\(shared)/\(Self.json)")
    #expect(tokenizer.vocabularySize == 32_100)
    #expect(tokenizer.sentinels == (32_000..<32_100).reversed())
    #expect(tokenizer.endToken == 1)
    #expect(tokenizer.padToken == 0)
    for line in try Self.lines(shared) {
      #expect(tokenizer.encode(line.text) == line.t5_hf)
    }
    #expect(tokenizer.decode(tokenizer.encode("<pad> It's<extra_id_5> a test.")) == "It's a test.")
  }

  @Test(
    "special tokens spelled out in a text become their ids, as transformers has them",
    .enabled(if: SharedFolder.has(model), Comment(rawValue: SharedFolder.reason)),
    arguments: [
      ("a<unk>b", [3, 9, 2, 3, 115, 1]), ("a </s> b", [3, 9, 1, 3, 115, 1]),
      ("x<extra_id_0>.", [3, 226, 32099, 3, 5, 1]), ("<pad>", [0, 1]),
      ("<extra_id_1><extra_id_99> hi", [32098, 32000, 7102, 1]), ("hi </s>", [7102, 1, 1]),
      ("<extra_id_100>", [3, 2, 25666, 834, 23, 26, 834, 2915, 3155, 1]), ("", [1]),
      ("a\u{85}b", [3, 9, 3, 115, 1]),
    ])
  func literals(text: String, ids: [Int]) throws {
    let shared = try #require(SharedFolder.path)
    let tokenizer = try T5Tokenizer(modelAt: "\(shared)/\(Self.model)")
    #expect(tokenizer.encode(text) == ids)
  }

  @Test(
    "decoding leaves special tokens out, as transformers does",
    .enabled(if: SharedFolder.has(model), Comment(rawValue: SharedFolder.reason)))
  func decoding() throws {
    let shared = try #require(SharedFolder.path)
    let tokenizer = try T5Tokenizer(modelAt: "\(shared)/\(Self.model)")
    #expect(tokenizer.decode(tokenizer.encode("a </s> b<pad>")) == "a b")
    #expect(tokenizer.decode(tokenizer.encode("x<extra_id_0>.")) == "x .")
    #expect(tokenizer.decode([0, 7102, 32_127, -1, 99_999, 1]) == "hi")
    #expect(tokenizer.decode([]) == "")
    // Only the first piece loses its space, even where it is nothing else.
    #expect(tokenizer.decode([3, 2, 7102, 3]) == " hi ")
    #expect(
      tokenizer.decode(tokenizer.encode("It's a test, isn't it?")) == "It's a test, isn't it?")
  }
}
