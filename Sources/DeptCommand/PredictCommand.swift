import ArgumentParser
import Backbones
import Foundation
import Tokenization
import Training

/// `dept predict`: what the model writes for the lines of standard input.
struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Write one prediction for every source line on standard input.",
    discussion: "echo 'sentence: a gift' | dept predict --backbone nano --adapter runs/sst2")

  @OptionGroup var backboneOptions: BackboneOptions
  @OptionGroup var adapterOptions: AdapterOptions
  @OptionGroup var surroundingsOptions: SurroundingsOptions
  @Option(help: "Beams; 1 is greedy.") var beams = 1
  @Option(help: "At most so many new tokens, the end token included.") var maxLength = 20
  @Option(help: "The longest source in tokens.") var sourceLength = 512

  func validate() throws {
    guard beams > 0, maxLength > 0, sourceLength > 0 else {
      throw ValidationError("--beams, --max-length and --source-length must be at least 1")
    }
  }

  func run() throws {
    let model = try adapterOptions.model(
      backboneOptions.load(surroundingsOptions.surroundings()))
    let limit = min(sourceLength, adapterOptions.longestSource ?? sourceLength)
    let plan = DecodingPlan(beams: beams, maximumLength: maxLength)
    var sources: [[Int]] = []
    func flush() {
      for text in model.predictions(sources, plan) { print(text) }
      sources = []
      fflush(nil)
    }
    while let line = readLine() {
      sources.append(model.backbone.tokenizer.encode(line, length: limit))
      if sources.count == 64 { flush() }
    }
    flush()
  }
}
