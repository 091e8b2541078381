import Foundation
import Testing

@testable import Datasets

@Suite("Generated tasks")
struct GeneratedTaskTests {
  @Test("a task's examples are the same on every platform", arguments: GeneratedTask.allCases)
  func pinned(_ task: GeneratedTask) {
    let text = Split.allCases.flatMap { task.examples($0, count: 300) }
      .map { "\($0.source)\t\($0.target)\n" }.joined()
    let expected: [GeneratedTask: UInt64] = [
      .sentiment: 16_302_602_393_428_417_724, .entailment: 14_429_744_262_233_981_490,
      .paraphrase: 18_050_423_039_632_452_146,
    ]
    #expect(Draws.digest(text) == expected[task])
  }

  @Test("a longer list starts with the shorter one", arguments: GeneratedTask.allCases)
  func prefix(_ task: GeneratedTask) {
    let short = task.examples(.test, count: 50)
    #expect(Array(task.examples(.test, count: 120).prefix(50)) == short)
    #expect(task.examples(.test, count: 50, seed: 1) != short)
    #expect(task.examples(.test, count: 0).isEmpty)
  }

  @Test("labels are balanced in every split", arguments: GeneratedTask.allCases)
  func balance(_ task: GeneratedTask) {
    for split in Split.allCases {
      let examples = task.examples(split, count: GeneratedDataset.count(split))
      let counts = task.labels.map { label in examples.filter { $0.target == label }.count }
      #expect(counts.reduce(0, +) == examples.count)
      #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1)
    }
  }

  @Test("no source text occurs twice, in one split or in two", arguments: GeneratedTask.allCases)
  func overlap(_ task: GeneratedTask) {
    let sources = Split.allCases.flatMap { split in
      task.examples(split, count: GeneratedDataset.count(split)).map(\.source)
    }
    #expect(Set(sources).count == sources.count)
  }

  @Test("every label follows from the meaning by the gold rule", arguments: GeneratedTask.allCases)
  func gold(_ task: GeneratedTask) {
    let items = task.items(.validation, count: 200, seed: 3)
    let examples = task.examples(.validation, count: 200, seed: 3)
    for (item, example) in zip(items, examples) {
      #expect(item.source == example.source)
      #expect(task.labels[item.meaning.label] == example.target)
    }
  }

  @Test("every label can be read off the English text alone", arguments: GeneratedTask.allCases)
  func reading(_ task: GeneratedTask) throws {
    for example in task.examples(.test, count: 512) {
      let label = try #require(SentenceReading.label(of: example.source, task: task), "\(example)")
      #expect(label == example.target, "\(example.source)")
    }
  }

  @Test("two texts that are compared are never the same text")
  func different() {
    for example in GeneratedTask.paraphrase.examples(.train, count: 2_000) {
      let texts = example.source.replacingOccurrences(of: "sentence1: ", with: "")
        .components(separatedBy: " sentence2: ")
      #expect(texts.count == 2 && texts[0] != texts[1])
    }
  }
}
