import ArgumentParser
import Backbones
import Datasets
import Foundation
import Tokenization
import Training

/// `dept score`: log-probabilities of given targets.
struct ScoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "score",
    abstract: "Write the log-probability of every target token, with teacher forcing.",
    discussion: """
      dept score --backbone nano --input pairs.jsonl --output scores.jsonl

      Input lines are {"source": "…", "target": "…"}; output lines
      {"source_ids": […], "target_ids": […], "logprobs": […]}, the end token included.
      """)

  @OptionGroup var backboneOptions: BackboneOptions
  @OptionGroup var adapterOptions: AdapterOptions
  @OptionGroup var surroundingsOptions: SurroundingsOptions
  @Option(help: "JSON Lines with source and target.") var input: String
  @Option(help: "Where to write.") var output: String
  @Option(help: "The longest source in tokens.") var sourceLength = 512
  @Option(help: "The longest target in tokens.") var targetLength = 512

  private struct Line: Encodable {
    let source_ids, target_ids: [Int]
    let logprobs: [Float]
  }

  func validate() throws {
    guard sourceLength > 0, targetLength > 0 else {
      throw ValidationError("--source-length and --target-length must be at least 1")
    }
  }

  func run() throws {
    let surroundings = surroundingsOptions.surroundings()
    let examples = try OwnDataset.examples(in: URL(filePath: input))
    let model = try adapterOptions.model(backboneOptions.load(surroundings))
    let limit = min(sourceLength, adapterOptions.longestSource ?? sourceLength)
    let tokenized = examples.map {
      TokenizedExample(
        source: model.backbone.sourceIDs($0.source, length: limit),
        target: model.backbone.targetIDs($0.target, length: targetLength))
    }
    for example in tokenized {
      try model.checkRoom(source: example.source.count, target: example.target.count)
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    var text = Data()
    for start in stride(from: 0, to: tokenized.count, by: 32) {
      let batch = Array(tokenized[start..<min(start + 32, tokenized.count)])
      for (example, scores) in zip(batch, model.logProbabilities(batch)) {
        let line = Line(
          source_ids: example.source, target_ids: example.target, logprobs: scores)
        text += try encoder.encode(line) + Data("\n".utf8)
      }
    }
    do {
      try text.write(to: URL(fileURLWithPath: output), options: .atomic)
    } catch {
      throw Failure(.invalid, "\(output) cannot be written: \(error.localizedDescription)")
    }
  }
}
