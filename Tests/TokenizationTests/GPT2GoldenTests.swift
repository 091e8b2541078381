import Foundation
import Testing
import Tokenization

/// GPT-2's ids beside those of transformers and transformers.js, on real text in many scripts.
@Suite struct GPT2GoldenTests {
  private static let golden = "golden/tokenization.jsonl"
  private static let script = "golden/transformersjs_gpt2.json"
  private static let folder = "tokenizers/gpt2"

  private struct Line: Decodable {
    var text: String
    var gpt2: [Int]
  }

  private struct Case: Decodable {
    var text: String
    var ids: [Int]
  }

  private func tokenizer() throws -> any Tokenizer {
    try openTokenizer(at: "\(#require(SharedFolder.path))/\(Self.folder)")
  }

  @Test(
    "every golden line gets GPT-2's ids, and comes back",
    .enabled(if: SharedFolder.has(golden, folder), Comment(rawValue: SharedFolder.reason)))
  func matchesTransformers() throws {
    let tokenizer = try tokenizer()
    #expect(tokenizer.vocabularySize == 50_257)
    #expect(tokenizer.endToken == 50_256)
    #expect(tokenizer.padToken == 50_256)
    let path = "\(try #require(SharedFolder.path))/\(Self.golden)"
    let lines = try String(contentsOfFile: path, encoding: .utf8).utf8
      .split(separator: UInt8(ascii: "\n"))
      .map { try JSONDecoder().decode(Line.self, from: Data($0)) }
    #expect(lines.count == 618)
    // The golden ids spell the end of a text byte by byte where a text contains it.
    for line in lines where !line.text.contains("<|endoftext|>") {
      #expect(tokenizer.encodeWithoutEnd(line.text) == line.gpt2)
      #expect(tokenizer.encode(line.text) == line.gpt2 + [50_256])
      #expect(tokenizer.decode(line.gpt2) == line.text)
    }
    #expect(lines.count { $0.text.contains("<|endoftext|>") } == 1)
  }

  @Test(
    "every case of transformers.js gets its ids",
    .enabled(if: SharedFolder.has(script, folder), Comment(rawValue: SharedFolder.reason)))
  func matchesTransformersJS() throws {
    let tokenizer = try tokenizer()
    let path = "\(try #require(SharedFolder.path))/\(Self.script)"
    let models = try JSONDecoder().decode(
      [String: [String: Case]].self, from: Data(contentsOf: URL(filePath: path)))
    let cases = try #require(models["Xenova/gpt2"])
    #expect(cases.count > 20)
    for (name, expected) in cases {
      #expect(tokenizer.encodeWithoutEnd(expected.text) == expected.ids, "\(name)")
      #expect(tokenizer.decode(expected.ids) == expected.text, "\(name)")
    }
  }

  @Test(
    "the end of a text is one token wherever it is spelled out",
    .enabled(if: SharedFolder.has(folder), Comment(rawValue: SharedFolder.reason)),
    arguments: [
      ("a<|endoftext|>b", [64, 50_256, 65]), ("a <|endoftext|> b", [64, 220, 50_256, 275]),
      ("<|endoftext|><|endoftext|>", [50_256, 50_256]), ("", []),
      ("<|startoftext|>hi<|endoftext|>", [27, 91, 9688, 1659, 5239, 91, 29, 5303, 50_256]),
      ("<|endoftext|", [27, 91, 437, 1659, 5239, 91]),
    ])
  func literals(text: String, ids: [Int]) throws {
    #expect(try tokenizer().encodeWithoutEnd(text) == ids)
  }
}
