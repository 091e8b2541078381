import Testing
import Tokenization

@Suite struct BytePairWordsTests {
  private static let words = [
    "hello", "hell", "abaab", "aaaaa", "baab", "l'll", "é", "12121", "abxab", "!!!", "\u{1F600}",
  ]

  @Test("a word met before has the ids it had, from any thread")
  func metBefore() async throws {
    var random = RandomText(seed: 11)
    let texts = (0..<100).map { _ in random.text(of: Self.words) }
    // Each text by a tokenizer that met nothing before.
    let fresh = try texts.prefix(20).map { try TinyBytePair().open().encode($0) }
    let tokenizer = try TinyBytePair().open()
    let first = texts.map(tokenizer.encode)
    #expect(Array(first.prefix(20)) == fresh)
    await withTaskGroup(of: [[Int]].self) { group in
      for _ in 0..<4 { group.addTask { texts.map(tokenizer.encode) } }
      for await ids in group { #expect(ids == first) }
    }
    #expect(zip(texts, first).allSatisfy { tokenizer.decode($1) == $0 })
  }
}
