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
    discussion: """
      echo 'sentence: a gift' | dept predict --backbone nano --adapter runs/sst2

      Sources are read in blocks of 64, so that they are answered together. With --decode labels \
      every label is scored for every source, and the most probable is the answer:

      dept predict --backbone nano --adapter runs/sst2 --decode labels --label 0 --label 1
      """)

  @OptionGroup var backboneOptions: BackboneOptions
  @OptionGroup var adapterOptions: AdapterOptions
  @OptionGroup var surroundingsOptions: SurroundingsOptions
  @OptionGroup var decodingOptions: DecodingOptions
  @Option(help: "At most so many new tokens, the end token included.") var maxLength = 20
  @Option(help: "The longest source in tokens.") var sourceLength = 512

  func validate() throws {
    guard maxLength > 0, sourceLength > 0 else {
      throw ValidationError("--max-length and --source-length must be at least 1")
    }
    guard decodingOptions.decode == .generation || !decodingOptions.label.isEmpty else {
      throw ValidationError("--decode labels needs the labels: repeat --label TEXT")
    }
  }

  func run() throws {
    let model = try adapterOptions.model(
      backboneOptions.load(surroundingsOptions.surroundings()))
    let limit = min(sourceLength, adapterOptions.longestSource ?? sourceLength)
    let plan = try decodingOptions.plan(maximumLength: maxLength)
    var sources: [[Int]] = []
    func flush() throws {
      try model.checkRoom(sources, plan)
      for text in model.predictions(sources, plan) { print(text) }
      sources = []
      fflush(nil)
    }
    while let line = readLine() {
      sources.append(model.backbone.sourceIDs(line, length: limit))
      if sources.count == 64 { try flush() }
    }
    try flush()
  }
}
