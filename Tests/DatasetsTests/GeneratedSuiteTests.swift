import Testing

@testable import Datasets

@Suite("Pretraining suite")
struct GeneratedSuiteTests {
  private let suite = PretrainingSuite(seed: 0)

  @Test("the suite is the same on every platform")
  func pinned() {
    let lines = (0..<500).map { index in
      let example = suite.example(at: index)
      return "\(example.source)\t\(example.target)\t\(suite.text(at: index))\n"
    }
    #expect(Draws.digest(lines.joined()) == 11_308_414_923_566_513_598)
    #expect(PretrainingSuite(seed: 1).text(at: 0) != suite.text(at: 0))
  }

  @Test("the shares are per cent")
  func shares() {
    #expect(PretrainingSuite.shares.map(\.percent).reduce(0, +) == 100)
    #expect(Set(PretrainingSuite.shares.map(\.task)) == Set(SourceTask.allCases))
  }

  @Test("no target task's template or frame occurs in a source task")
  func templates() {
    let frames = [
      "sentence:", "sentence1:", "sentence2:", "premise:", "hypothesis:", "they say that",
      "thought", "would call",
    ]
    for index in 0..<5_000 {
      let source = suite.example(at: index).source
      for frame in frames { #expect(!source.contains(frame), "\(source)") }
      // The cleft's first words, but not the last ones of "a rabbit was".
      #expect(!" \(source)".contains(" it was"), "\(source)")
    }
  }

  @Test("no target example's source is a source example's text")
  func targets() {
    let known = Set((0..<5_000).map { suite.example(at: $0).source })
    for task in GeneratedTask.allCases {
      for example in task.examples(.test, count: 512) { #expect(!known.contains(example.source)) }
    }
  }

  @Test("digits occur as answers")
  func digits() {
    let targets = Set((0..<5_000).map { suite.example(at: $0).target })
    #expect(targets.isSuperset(of: ["0", "1", "2", "3", "4"]))
  }

  @Test("a scheme's answers differ from each other, and every scheme occurs")
  func schemes() {
    for scheme in AnswerScheme.allCases {
      let names = scheme.names(["yes", "unknown", "no"])
      #expect(Set(names).count == 3)
      #expect(
        scheme.wording.map { wording in
          (0..<2_000).contains { suite.example(at: $0).source.contains(" \(wording): ") }
        } ?? true)
    }
    #expect(AnswerScheme.shares.map(\.percent).reduce(0, +) == 100)
    #expect(AnswerScheme.shares.map(\.scheme) == AnswerScheme.allCases)
  }

  @Test("every word of the suite is in the vocabulary's lines, alone too")
  func vocabulary() {
    let lines = suite.vocabularyLines(count: 200)
    let words = Set(lines.flatMap { $0.split(separator: " ").map(String.init) })
    for thing in Lexicon.things { #expect(words.contains(thing) && words.contains(thing + ",")) }
    #expect(lines == suite.vocabularyLines(count: 200))
  }

  @Test("draws below a bound stay below it, and shuffling loses nothing")
  func draws() {
    var draws = Draws(seed: 7, stream: "test", index: 0)
    for bound in 1...50 { #expect((0..<bound).contains(draws.below(bound))) }
    #expect(draws.shuffled(Array(0..<20)).sorted() == Array(0..<20))
    var same = Draws(seed: 7, stream: "test", index: 0)
    var other = Draws(seed: 7, stream: "test", index: 1)
    let first = same.next()
    #expect(first != other.next())
  }
}
