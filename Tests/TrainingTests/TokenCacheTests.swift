import Backbones
import Datasets
import DeptTesting
import Evaluation
import Foundation
import Testing
import Tokenization
import TuningMethods

@testable import Training

@Suite struct TokenCacheTests {
  static let examples = Examples(
    (0..<3_000).map { index in
      Example(
        source: "sentence \(index): " + String(repeating: "word é ", count: index % 40),
        target: "\(index % 3)")
    })

  private func text(_ vocabularySize: Int = 29) -> BackboneText {
    BackboneText(tokenizer: ByteTokenizer(vocabularySize: vocabularySize), sourceEnding: nil)
  }

  @Test("kept ids are those that are found example by example", arguments: [29, 70_000])
  func equality(vocabularySize: Int) throws {
    let folder = try TemporaryFolder()
    let text = text(vocabularySize)
    let cache = TokenCache(directory: folder.url)
    for threads in [1, 3] {
      let key = "key-\(threads)"
      let tokens = try #require(
        cache.tokens(of: Self.examples, .train, key: key, text: text, threads: threads))
      #expect(tokens.count == Self.examples.count)
      for (place, example) in Self.examples.enumerated() {
        #expect(
          tokens[place]
            == TokenizedExample(
              source: text.sourceIDs(example.source), target: text.targetIDs(example.target)))
        #expect(tokens.sourceLength(place) == tokens[place].source.count)
      }
    }
    let files = ["key-1", "key-3"].map { cache.file($0, .train) }
    #expect(try Data(contentsOf: files[0]) == Data(contentsOf: files[1]))
  }

  @Test("a question in place of the end token is part of what is kept")
  func question() throws {
    let folder = try TemporaryFolder()
    let text = BackboneText(
      tokenizer: ByteTokenizer(vocabularySize: 29), sourceEnding: " Label : ")
    let tokens = try #require(
      TokenCache(directory: folder.url).tokens(of: Self.examples, .test, key: "k", text: text))
    #expect(tokens[1].source == text.sourceIDs(Self.examples[1].source))
    #expect(
      text.cut(sourceIDs: tokens[7].source, to: 12)
        == text.sourceIDs(Self.examples[7].source, length: 12))
  }

  @Test("a file that is cut, foreign or of another size is made again")
  func damage() throws {
    let folder = try TemporaryFolder()
    let cache = TokenCache(directory: folder.url)
    let whole = try #require(
      cache.tokens(of: Self.examples, .train, key: "k", text: text()))
    let file = cache.file("k", .train)
    let bytes = try Data(contentsOf: file)
    for count in [0, 5, 31, 32, bytes.count / 2, bytes.count - 1] {
      try bytes.prefix(count).write(to: file, options: .atomic)
      #expect(TokenFile(contentsOf: file) == nil, "\(count) bytes")
      let again = try #require(
        cache.tokens(of: Self.examples, .train, key: "k", text: text()))
      #expect(again[2_999] == whole[2_999])
      #expect(try Data(contentsOf: file) == bytes)
    }
    try Data("something else that is long enough".utf8).write(to: file, options: .atomic)
    #expect(TokenFile(contentsOf: file) == nil)
    let few = Self.examples.selecting(0..<5)
    #expect(cache.tokens(of: few, .train, key: "k", text: text())?.count == 5)
    // Nothing that was begun is left behind.
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).count == 1)
  }

  @Test("a single damaged bit is noticed")
  func fuzz() throws {
    let folder = try TemporaryFolder()
    let cache = TokenCache(directory: folder.url)
    let few = Self.examples.selecting(0..<20)
    _ = cache.tokens(of: few, .train, key: "k", text: text())
    let file = cache.file("k", .train)
    let bytes = try Data(contentsOf: file)
    for seed in 0..<400 {
      var damaged = bytes
      damaged[(seed * 7919) % damaged.count] ^= UInt8(1 << (seed % 8))
      try damaged.write(to: file, options: .atomic)
      #expect(TokenFile(contentsOf: file) == nil, "a bit of byte \((seed * 7919) % damaged.count)")
    }
  }

  @Test("where nothing can be written there are no kept ids")
  func unwritable() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("", to: "a-file")
    let cache = TokenCache(directory: file.appending(path: "below"))
    #expect(cache.tokens(of: Self.examples, .train, key: "k", text: text()) == nil)
  }

  @Test(
    "a run that reads kept ids is the same to the bit",
    arguments: TrainingSchedule.Order.allCases, [Truncation.end, .start])
  func training(order: TrainingSchedule.Order, truncation: Truncation) throws {
    let folder = try TemporaryFolder()
    let backbone = try TinyBackbone.version10.loaded()
    var schedule = TrainingSchedule()
    schedule.steps = 4
    schedule.batchSize = 3
    schedule.sourceLength = 20
    schedule.targetLength = 2
    schedule.order = order
    schedule.truncation = truncation
    let examples = Self.examples.selecting(0..<30)
    func losses(_ tokens: TokenFile?) throws -> [Double] {
      var task = TrainingTask(
        "t", examples: [.train: examples], metrics: [.accuracy], selection: .accuracy)
      task.tokens = tokens
      let trainer = Trainer(
        backbone: backbone, method: PromptTuning(length: 2), schedule: schedule, seed: 1,
        tasks: [task])
      #expect(trainer.cutSourceCount == 29)
      var losses: [Double] = []
      _ = try trainer.train(
        from: trainer.initialState(), .init(metric: { losses.append($2) }))
      return losses
    }
    let kept = TokenCache(directory: folder.url).tokens(
      of: examples, .train, key: "k", text: backbone.text)
    #expect(kept != nil)
    #expect(try losses(kept) == losses(nil))
  }

  @Test("answers in an experiment's label words are judged as the data set's own")
  func labelWords() throws {
    let golden = try GoldenFolder.model("t5-v1.0")
    let words = ["0": "no", "1": "yes"]
    let preparation = Preparation(labelWords: words)
    let dataset = GeneratedDataset(.sentiment)
    let prepared = try dataset.load(from: URL(filePath: "."), as: preparation)
    #expect(Set(prepared[.train].prefix(50).map(\.target)) == ["no", "yes"])
    let commands = try GoldenCommands(golden)
    let backbone = try commands.trainer(golden, golden.methods()[0]) { _ in }.backbone
    var task = TrainingTask("s", prepared, of: dataset, wording: preparation)
    #expect(task.labels == ["no", "yes"])
    task.examples[.test] = prepared[.test].selecting(0..<8)
    var schedule = TrainingSchedule()
    schedule.decoding = .labels
    let trainer = Trainer(
      backbone: backbone, method: PromptTuning(length: 2), schedule: schedule, seed: 1,
      tasks: [task])
    let answers = try trainer.predictions(of: trainer.initialState(), on: .test)[0]
    #expect(answers.count == 8)
    #expect(answers.allSatisfy { ["0", "1"].contains($0.text) })
    #expect(answers.allSatisfy { $0.references == ["0"] || $0.references == ["1"] })
  }
}
