import Foundation
import Testing

@testable import Tokenization

@Suite struct UnigramWordsTests {
  /// Words in the letters of the shipped vocabulary, and others.
  private static let words = [
    "the", "a", "river", "counting", "seven", "17", "what", "hahaha", "don't", "Word,", "it's",
    "unbelievable", "x", "sentence:", "aaaaaaaaaaaaaaa",
  ]

  @Test("texts of words are encoded as the whole text is", arguments: [1, 2, 3])
  func randomTexts(seed: UInt64) throws {
    let trained = try UnigramFixture(
      SentencePieceTrainer(vocabularySize: 120, sentinels: 0).model(from: SampleText.lines(400)))
    var random = RandomText(seed: seed)
    for (fixture, words) in [
      (try UnigramFixture.shipped(), Self.words),
      (trained, SampleText.lines(30).flatMap { $0.split(separator: " ").map(String.init) }),
    ] {
      let learner = try #require(fixture.words)
      var wordwise = 0
      for _ in 0..<400 {
        let text = random.text(of: words)
        let whole = fixture.whole(text)
        if let ids = fixture.wordwise(text, learner) {
          wordwise += 1
          #expect(ids == whole, "\(text)")
        }
        #expect(fixture.tokenizer.encodeWithoutEnd(text) == whole, "\(text)")
      }
      #expect(wordwise > 200)
    }
  }

  @Test("spaces that do not count are none", arguments: ["", " ", "     ", " the", "the   a "])
  func spaces(text: String) throws {
    let fixture = try UnigramFixture.shipped()
    #expect(fixture.wordwise(text) == fixture.whole(text))
  }

  @Test(
    "text that may change or compose, or has a literal's first letter, is left alone",
    arguments: ["the\ta", "the\na", "thé a", "a\u{301}", "\u{2581}the", "a\u{7f}", "a </s>", "\0"])
  func leftAlone(text: String) throws {
    #expect(try UnigramFixture.shipped().wordwise(text) == nil)
  }

  @Test("a text on either side of a literal is encoded as if it stood alone")
  func literals() throws {
    let fixture = try UnigramFixture.shipped()
    let tokenizer = fixture.tokenizer
    let sentinel = tokenizer.sentinels[7]
    for text in ["the river", " the  river ", "a<b", "", "it's\tseven"] {
      let whole = fixture.whole(text)
      #expect(
        tokenizer.encodeWithoutEnd("\(text)</s>\(text)<extra_id_7>\(text)")
          == whole + [1] + whole + [sentinel] + whole)
    }
  }

  @Test("a word with two best ways is left to the whole text, whatever stands around it")
  func ties() throws {
    let fixture = try UnigramFixture([
      "▁": -2, "a": -4, "b": -4, "c": -4, "ab": -3, "bc": -3,
    ])
    #expect(fixture.wordwise("ab bc c") == fixture.whole("ab bc c"))
    #expect(fixture.wordwise("abc") == nil)
    #expect(fixture.wordwise("ab abc") == nil)
    for text in ["abc", "ab abc", "abc abc c", "  abc"] {
      #expect(fixture.tokenizer.encodeWithoutEnd(text) == fixture.whole(text))
    }
  }

  @Test("where rounding decides between ways, the text before a word does, as in SentencePiece")
  func nearTies() throws {
    // The costs of the two ways to spell "abc" differ by less than sums far into a text can tell.
    let fixture = try UnigramFixture([
      "▁": -2, "a": -4, "b": -4, "c": -3.3, "ab": -3.1, "bc": -2.400002,
    ])
    let learner = try #require(fixture.words)
    var ways: Set<[Int]> = []
    for count in 0..<400 {
      let text = String(repeating: "ab ", count: count) + "abc"
      let whole = fixture.whole(text)
      ways.insert(whole.suffix(2) + [])
      #expect(fixture.tokenizer.encodeWithoutEnd(text) == whole)
      if let ids = fixture.wordwise(text, learner) { #expect(ids == whole) }
    }
    #expect(ways.count == 2)
  }

  @Test("the nearer the ways to spell a word, the sooner it is left to the whole text")
  func reach() throws {
    func words(margin: Float) throws -> Int {
      let fixture = try UnigramFixture([
        "▁": -2, "a": -4, "b": -4, "c": -3, "ab": -3, "bc": -2 - margin,
      ])
      let learner = try #require(fixture.words)
      return [0, 1, 10, 100, 1000].count {
        fixture.wordwise(String(repeating: "ab ", count: $0) + "abc", learner) != nil
      }
    }
    #expect(try words(margin: 0) == 0)
    #expect(try (1..<5).contains(words(margin: 0.001)))
    #expect(try words(margin: 0.1) == 5)
  }

  @Test("a word too long to keep is left to the whole text")
  func longWords() throws {
    let fixture = try UnigramFixture.shipped()
    let longest = String(repeating: "t", count: WordCache.longestWord)
    #expect(fixture.wordwise(longest) == fixture.whole(longest))
    #expect(fixture.wordwise(longest + "t") == nil)
    #expect(fixture.tokenizer.encodeWithoutEnd(longest + "t") == fixture.whole(longest + "t"))
  }

  @Test("threads that encode at once get the ids that one gets")
  func concurrently() async throws {
    let fixture = try UnigramFixture.shipped()
    var random = RandomText(seed: 4)
    let texts = (0..<600).map { _ in random.text(of: Self.words) }
    let serial = try UnigramFixture.shipped().tokenizer
    let expected = texts.map(serial.encode)
    let tokenizer = fixture.tokenizer
    await withTaskGroup(of: [[Int]].self) { group in
      for _ in 0..<4 { group.addTask { texts.map(tokenizer.encode) } }
      for await ids in group { #expect(ids == expected) }
    }
  }

  @Test("vocabularies whose words depend on each other are left to SentencePiece")
  func otherForms() throws {
    let pieces: KeyValuePairs<String, Float> = ["▁": -2, "a": -3, "b": -3]
    #expect(try UnigramFixture(pieces).words != nil)
    // A piece across a space, an unknown space, a gain.
    #expect(try UnigramFixture(["▁": -2, "a": -3, "a▁b": -3]).words == nil)
    #expect(try UnigramFixture(["▁": -2, "a": -3, "▁▁": -3]).words == nil)
    #expect(try UnigramFixture(["a": -3, "b": -3]).words == nil)
    #expect(try UnigramFixture(["▁": -2, "a": 3]).words == nil)
    var vocabulary = UnigramFixture.vocabulary(pieces)
    vocabulary.byteFallback = true
    #expect(WordLattice(SentencePieceFile(vocabulary.sentencePieceModel)) == nil)
  }

  @Test(
    "rules that change ASCII leave every text to SentencePiece",
    arguments: [
      (.identity, true), (.nfkc, true), (.nmtNFKC, true), (.lowercasedNFKC, false),
      (.lowercasedNMTNFKC, false),
    ] as [(SentencePieceTrainer.Normalization, Bool)])
  func normalizations(normalization: SentencePieceTrainer.Normalization, keeps: Bool) throws {
    let trainer = SentencePieceTrainer(
      vocabularySize: 120, sentinels: 10, normalization: normalization)
    let fixture = try UnigramFixture(trainer.model(from: SampleText.lines(400)))
    #expect((fixture.words != nil) == keeps)
    for text in ["Bara dina", "kun<extra_id_3>  se", "é Ｂａ"] {
      // User-defined sentinels are SentencePiece's own literals too.
      #expect(fixture.tokenizer.encodeWithoutEnd(text).isEmpty == false)
    }
    let text = "Bara  DINA se"
    #expect(fixture.tokenizer.encodeWithoutEnd(text) == fixture.whole(text))
    #expect((fixture.wordwise(text) == fixture.whole(text)) == keeps)
  }
}
