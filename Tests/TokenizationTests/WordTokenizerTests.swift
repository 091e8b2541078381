import Datasets
import Foundation
import Testing
import Tokenization

@Suite struct WordTokenizerTests {
  private let tokenizer = WordTokenizer(vocabularySize: 100, padToken: 0, endToken: 7)

  @Test("a text has as many ids as words, and an end")
  func length() {
    #expect(tokenizer.encode("").count == 1)
    #expect(tokenizer.encode("one  two\tthree\nfour ").count == 5)
    #expect(tokenizer.encode("one two").last == 7)
    #expect(tokenizer.encode("same other same").first == tokenizer.encode("same").first)
  }

  @Test("a number is its id, and ids are written as numbers")
  func numbers() {
    #expect(tokenizer.encodeWithoutEnd("99 3 42") == [99, 3, 42])
    #expect(tokenizer.decode([99, 3, 0, 7, 100, -1, 42]) == "99 3 42")
  }

  @Test("any other word is an id of the vocabulary, and no special one")
  func words() {
    for word in (100..<1000).map({ "\($0)" }) + ["-1", "é", "postive"] {
      let ids = tokenizer.encodeWithoutEnd(word)
      #expect(ids.count == 1)
      #expect(ids.allSatisfy { (1..<100).contains($0) && $0 != 7 }, "\(word): \(ids)")
    }
  }

  @Test(
    "a generated source has its length in the tokens of T5 too",
    .enabled(if: SharedFolder.has("tokenizers/t5/spiece.model"), "\(SharedFolder.reason)"))
  func generatedLengths() throws {
    let path = try #require(SharedFolder.path)
    let t5 = try openTokenizer(at: path + "/tokenizers/t5/spiece.model")
    let dataset = try LengthDataset(length: 40).load(from: URL(filePath: "."))
    for example in dataset[.train] {
      #expect(t5.encode(example.source).count == 40)
      #expect(t5.encode(example.target).count == 2)
    }
  }
}
