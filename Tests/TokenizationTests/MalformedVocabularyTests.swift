import Foundation
import Testing
import Tokenization

/// Vocabulary files that are missing, cut short, or something else.
@Suite struct MalformedVocabularyTests {
  private func inFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "dept-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path(percentEncoded: false))
  }

  @Test("a missing file and a directory without a vocabulary are missing input, by name")
  func missing() throws {
    try inFolder { folder in
      let file = #expect(throws: TokenizerError.self) {
        try T5Tokenizer(modelAt: folder + "/none.model")
      }
      #expect(file == .missingFile(path: folder + "/none.model"))
      #expect(file?.isMissingInput == true)
      let vocabulary = #expect(throws: TokenizerError.self) { try T5Tokenizer(directory: folder) }
      #expect(vocabulary == .missingVocabulary(directory: folder))
      #expect(vocabulary?.isMissingInput == true)
      let directory = #expect(throws: TokenizerError.self) {
        try T5Tokenizer(directory: folder + "/none")
      }
      #expect(directory == .missingFile(path: folder + "/none"))
      let asFile = #expect(throws: TokenizerError.self) { try T5Tokenizer(modelAt: folder) }
      #expect(asFile == .unreadable(path: folder, reason: "it is a directory"))
    }
  }

  @Test("a file that is no SentencePiece model is malformed, with its path")
  func garbage() throws {
    try inFolder { folder in
      let path = folder + "/spiece.model"
      let contents: [[UInt8]] = [
        [], [0], Array("not a model".utf8), Array(repeating: 0xff, count: 4096),
        Array("{\"model\": {}}".utf8), [0x0a, 0x03, 0x0a, 0x01, 0x61],
      ]
      for bytes in contents {
        try Data(bytes).write(to: URL(filePath: path))
        let error = #expect(throws: TokenizerError.self) { try T5Tokenizer(modelAt: path) }
        guard case .malformedModel(path, _) = error else {
          Issue.record("\(bytes.prefix(8)) gave \(String(describing: error))")
          continue
        }
      }
    }
  }

  @Test("a model cut anywhere is refused, or is a smaller vocabulary that still works")
  func truncated() throws {
    let whole = try SentencePieceTrainer(vocabularySize: 120, sentinels: 10)
      .model(from: SampleText.lines(400))
    var refused = 0
    for count in stride(from: 0, to: whole.count, by: 7 + whole.count / 500) {
      do {
        let tokenizer = try T5Tokenizer(model: Array(whole.prefix(count)), sentinels: 10)
        #expect(tokenizer.encode("bara dina").last == tokenizer.endToken)
      } catch {
        refused += 1
      }
    }
    #expect(refused > 100)
  }

  @Test("sentinels are counted as tokenizer_config.json says")
  func settings() throws {
    try inFolder { folder in
      let path = folder + "/spiece.model"
      try SentencePieceTrainer(vocabularySize: 110, sentinels: 0)
        .train(from: SampleText.lines(400), writingTo: path)
      let settings = folder + "/tokenizer_config.json"
      func size(_ json: String) throws -> Int {
        try json.write(toFile: settings, atomically: true, encoding: .utf8)
        return try T5Tokenizer(directory: folder).vocabularySize
      }
      #expect(try size("{}") == 210)
      #expect(try size(#"{"extra_ids": 7}"#) == 117)
      #expect(try size(#"{"additional_special_tokens": ["<extra_id_0>", "<x>"]}"#) == 111)
      #expect(try size(#"{"additional_special_tokens": [{"content": "<extra_id_0>"}]}"#) == 111)
      for json in ["", "[]", #"{"extra_ids": "many"}"#, #"{"extra_ids": -1}"#] {
        let error = #expect(throws: TokenizerError.self) { try size(json) }
        #expect(error?.description.contains(settings) == true)
      }
    }
  }

  @Test("decoded spaces are tidied where tokenizer_config.json asks for it")
  func tidied() throws {
    try inFolder { folder in
      try SentencePieceTrainer(vocabularySize: 110, sentinels: 0)
        .train(from: SampleText.lines(400), writingTo: folder + "/spiece.model")
      let plain = try T5Tokenizer(directory: folder)
      try #"{"clean_up_tokenization_spaces": true}"#.write(
        toFile: folder + "/tokenizer_config.json", atomically: true, encoding: .utf8)
      let tidy = try T5Tokenizer(directory: folder)
      let ids = plain.encode("bara dina .")
      #expect(plain.decode(ids) == "bara dina .")
      #expect(tidy.decode(ids) == "bara dina.")
    }
  }
}
