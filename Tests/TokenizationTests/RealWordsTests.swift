import Foundation
import Testing

@testable import Tokenization

/// Real text in T5's own vocabulary gets the ids that SentencePiece gives it.
@Suite struct RealWordsTests {
  private static let model = "tokenizers/t5/spiece.model"
  private static let fixture = Result {
    try UnigramFixture(path: (SharedFolder.path ?? "") + "/" + model)
  }
  private static let words = (try? fixture.get())?.words

  @Test(
    "real text is encoded as SentencePiece alone does, most of it word by word",
    .enabled(if: SharedFolder.has(model), "\(SharedFolder.reason)"),
    arguments: SharedText.sources.filter(\.isPresent))
  func realText(_ source: SharedText.Source) throws {
    let fixture = try Self.fixture.get()
    let lines = try source.lines(size: 50_000)
    var ascii = 0
    var wordwise = 0
    let learner = try #require(Self.words)
    for line in lines {
      // Columns as words: white space other than spaces is for SentencePiece.
      let text = line.replacing("\t", with: " ")
      let whole = fixture.whole(text)
      if text.utf8.allSatisfy({ $0 < 0x80 }) && !text.contains("<") { ascii += 1 }
      if let ids = fixture.wordwise(text, learner) {
        wordwise += 1
        #expect(ids == whole, "\(text)")
      }
      if !text.contains("<") && !text.contains("\u{85}") {
        let ids = fixture.tokenizer.encodeWithoutEnd(text)
        #expect(ids == whole, "\(text)")
      }
    }
    #expect(!lines.isEmpty)
    #expect(Double(wordwise) > 0.98 * Double(ascii))
  }

  @Test(
    "a word that can be spelled in two ways for the same cost is left to the whole text",
    .enabled(if: SharedFolder.has(model), "\(SharedFolder.reason)"),
    arguments: ["hmmm", "xxx", "zzzzzzzzz"])
  func ties(word: String) throws {
    let fixture = try Self.fixture.get()
    let words = try #require(Self.words)
    for text in [word, "it is \(word) .", "\(word) \(word)", "well  \(word)"] {
      #expect(fixture.wordwise(text, words) == nil)
      #expect(fixture.tokenizer.encodeWithoutEnd(text) == fixture.whole(text))
    }
  }
}
