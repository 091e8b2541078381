import Testing

@testable import Tokenization

@Suite struct WordCacheTests {
  private func withWord<Result>(
    _ word: String, _ body: (UnsafeBufferPointer<UInt8>, UInt64) -> Result
  ) -> Result {
    let bytes = Array(word.utf8)
    let hash = bytes.reduce(WordCache.hashSeed, WordCache.hash)
    return bytes.withUnsafeBufferPointer { body($0, hash) }
  }

  private func keep(_ word: String, _ ids: [Int], in cache: WordCache) {
    withWord(word) { cache.keep($0, hash: $1, ids: ids, cost: Double(ids.count), reach: 0.5) }
  }

  private func ids(_ word: String, in cache: WordCache) -> [Int]? {
    withWord(word) { cache.find($0, hash: $1).map { Array($0.ids) } }
  }

  @Test("a word that was kept is found as it was, and no other is")
  func finds() {
    let cache = WordCache(capacity: 5000)
    for number in 0..<4000 {
      keep("w\(number)", Array(0..<number % 7), in: cache)
    }
    for number in 0..<4000 { #expect(ids("w\(number)", in: cache) == Array(0..<number % 7)) }
    for word in ["w4000", "w", "", "w0 ", "w00"] { #expect(ids(word, in: cache) == nil) }
    let known = withWord("w6") { cache.find($0, hash: $1).map { [$0.cost, $0.reach] } }
    #expect(known == [6, 0.5])
  }

  @Test("words of equal hash are told apart")
  func collisions() {
    let cache = WordCache(capacity: 10)
    for word in ["one", "two", "ones"] {
      Array(word.utf8).withUnsafeBufferPointer {
        cache.keep($0, hash: 7, ids: [word.utf8.count, Int($0[0])], cost: 0, reach: 0)
      }
    }
    for word in ["one", "two", "ones"] {
      Array(word.utf8).withUnsafeBufferPointer { bytes in
        #expect(
          cache.find(bytes, hash: 7).map { Array($0.ids) }
            == [word.utf8.count, Int(bytes[0])])
      }
    }
  }

  @Test("the first to keep a word is right, and a full cache keeps what it has")
  func bounds() {
    let cache = WordCache(capacity: 2)
    keep("one", [1], in: cache)
    keep("one", [9], in: cache)
    keep("two", [2, 2], in: cache)
    keep("three", [3], in: cache)
    #expect(ids("one", in: cache) == [1])
    #expect(ids("two", in: cache) == [2, 2])
    #expect(ids("three", in: cache) == nil)
    let long = String(repeating: "x", count: WordCache.longestWord + 1)
    let roomy = WordCache(capacity: 8)
    keep(long, [4], in: roomy)
    #expect(ids(long, in: roomy) == nil)
  }

  @Test("threads that keep and find at once see whole words only")
  func concurrently() async {
    let cache = WordCache(capacity: 2000)
    await withTaskGroup(of: Void.self) { group in
      for thread in 0..<4 {
        group.addTask {
          for step in 0..<3000 {
            let number = (step &* 7 &+ thread &* 13) % 2500
            if let found = ids("n\(number)", in: cache) {
              #expect(found == Array(0...number % 5))
            } else {
              keep("n\(number)", Array(0...number % 5), in: cache)
            }
          }
        }
      }
    }
    #expect((0..<2500).count { ids("n\($0)", in: cache) != nil } == 2000)
  }
}
