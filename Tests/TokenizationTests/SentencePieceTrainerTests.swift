import Foundation
import Testing
import Tokenization

@Suite struct SentencePieceTrainerTests {
  private let trainer = SentencePieceTrainer(vocabularySize: 120, sentinels: 10)

  @Test("a trained vocabulary has T5's first ids and its sentinels as pieces")
  func firstIds() throws {
    let tokenizer = try T5Tokenizer(
      model: trainer.model(from: SampleText.lines(400)), sentinels: 10)
    #expect(tokenizer.vocabularySize == 120)
    #expect(tokenizer.padToken == 0)
    #expect(tokenizer.endToken == 1)
    #expect(tokenizer.unknownToken == 2)
    #expect(tokenizer.sentinels == Array(3..<13))
    #expect(tokenizer.encodeWithoutEnd("<extra_id_0><extra_id_9>") == [3, 12])
  }

  @Test("text of the training lines comes back from its ids")
  func roundTrip() throws {
    let lines = SampleText.lines(400)
    let tokenizer = try T5Tokenizer(model: trainer.model(from: lines), sentinels: 10)
    for line in lines.prefix(50) {
      let ids = tokenizer.encode(line)
      #expect(ids.last == tokenizer.endToken)
      #expect(ids.allSatisfy { (0..<120).contains($0) })
      #expect(tokenizer.decode(ids) == line)
    }
  }

  @Test("equal lines give equal bytes")
  func deterministic() throws {
    let lines = SampleText.lines(400)
    #expect(try trainer.model(from: lines) == trainer.model(from: lines))
  }

  @Test("sentinels that the model lacks are numbered from its end, the first one last")
  func addedSentinels() throws {
    let bytes = try trainer.model(from: SampleText.lines(400))
    let tokenizer = try T5Tokenizer(model: bytes, sentinels: 12)
    #expect(tokenizer.vocabularySize == 122)
    #expect(tokenizer.sentinels == Array(3..<13) + [121, 120])
  }

  @Test("byte pieces spell what the vocabulary does not know")
  func byteFallback() throws {
    var trainer = trainer
    trainer.vocabularySize = 380
    trainer.byteFallback = true
    trainer.allowsFewerPieces = true
    let tokenizer = try T5Tokenizer(
      model: trainer.model(from: SampleText.lines(400)), sentinels: 10)
    let ids = tokenizer.encode("bara Ωμέγα dina 😀")
    #expect(!ids.contains(tokenizer.unknownToken))
    #expect(tokenizer.decode(ids) == "bara Ωμέγα dina 😀")
  }

  @Test("a file is written that loads as a directory's vocabulary")
  func writesFile() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "dept-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let directory = folder.path(percentEncoded: false)
    let lines = SampleText.lines(400)
    try trainer.train(from: lines, writingTo: directory + "/spiece.model")
    #expect(
      try Data(contentsOf: folder.appending(path: "spiece.model"))
        == Data(trainer.model(from: lines)))
    let tokenizer = try T5Tokenizer(directory: directory)
    #expect(tokenizer.sentinels.prefix(10).elementsEqual(3..<13))
    #expect(tokenizer.vocabularySize == 210)
    #expect(throws: TokenizerError.self) {
      try trainer.train(from: lines, writingTo: directory + "/missing/spiece.model")
    }
  }

  @Test("a long line and a line with a zero byte are trained on like any other")
  func oddLines() throws {
    let long = SampleText.lines(400).joined(separator: " ")
    let bytes = try trainer.model(from: SampleText.lines(300) + [long, "a\0b", "", "\u{2581}\t"])
    #expect(try T5Tokenizer(model: bytes, sentinels: 10).vocabularySize == 120)
  }

  @Test(
    "what cannot be trained is refused with a reason",
    arguments: [
      (SentencePieceTrainer(vocabularySize: 50, sentinels: 100), 400),
      (SentencePieceTrainer(vocabularySize: 100_000, sentinels: 10), 400),
      (SentencePieceTrainer(vocabularySize: 120, sentinels: 10), 0),
      (SentencePieceTrainer(vocabularySize: 14, sentinels: 10), 400),
      (SentencePieceTrainer(vocabularySize: 120, sentinels: 10, characterCoverage: 0), 400),
      (SentencePieceTrainer(vocabularySize: 120, sentinels: 10, maximumPieceLength: 0), 400),
      (SentencePieceTrainer(vocabularySize: 120, sentinels: -1), 400),
    ])
  func refusals(trainer: SentencePieceTrainer, lines: Int) {
    let error = #expect(throws: TokenizerError.self) {
      try trainer.model(from: SampleText.lines(lines))
    }
    #expect(error?.description.hasPrefix("cannot train a vocabulary: ") == true)
  }
}
