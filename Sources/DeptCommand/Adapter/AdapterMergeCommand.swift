import ArgumentParser
import Backbones
import Checkpoints
import Foundation
import Training
import TuningMethods

/// `dept adapter merge`: a backbone with an adapter folded into its weights.
struct AdapterMergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Write a backbone with an adapter folded into its weights.",
    discussion: """
      dept adapter merge runs/cola --backbone t5-base --output t5-base-cola

      OUTPUT is a Hugging Face directory that needs no adapter: any program that reads the backbone
      reads it. Methods that change weights and nothing else can be folded: lora, ia3, ft, and
      bitfit where the backbone has biases; prompts, prefixes and added layers cannot.
      """)

  @Argument(help: "An adapter file, or a folder with adapter.safetensors.") var adapter: String
  @OptionGroup var backboneOptions: BackboneOptions
  @Option(help: "The directory to write.") var output: String
  @Option(help: "The method of an adapter file that does not name its own.") var method: String?
  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: "A hyperparameter of --method, such as alpha=16; repeat for more.")
  var settings: [String] = []
  @OptionGroup var surroundingsOptions: SurroundingsOptions

  func run() throws {
    guard !PEFTFolder.isFolder(adapter) else {
      throw Failure(
        .usage,
        "\(adapter) is a folder of PEFT; make an adapter file of it first: dept adapter convert"
          + " \(adapter) FILE.safetensors --backbone \(backboneOptions.backbone)")
    }
    let options = try AdapterOptions(adapter: adapter, method: method, settings: settings)
    guard backboneOptions.id.randomArchitecture == nil else {
      throw Failure(.usage, "Random weights are not kept; give --backbone a name or a directory.")
    }
    let tuned = try options.model(backboneOptions.load(surroundingsOptions.surroundings()))
    let source = tuned.backbone.directory
    guard !FileIdentity.isSame(output, source) else {
      throw Failure(.usage, "--output is the backbone itself; choose another directory.")
    }
    try TrainingFolder(output).create()
    let name = try options.tuning().map { type(of: $0).name } ?? "none"
    let merged = try MergedBackbone(tuned, method: name)
    do {
      try MergedWriter(source: source).write(
        merged, to: output,
        notes: ["dept.backbone": backboneOptions.backbone, "dept.method": name])
    } catch let error as CocoaError {
      throw Failure(
        .invalid, "\(output) cannot be written: \(SystemReason.text(of: error)).")
    }
    print("\(merged.weights.count) weights of \(source) changed; written to \(output)")
  }
}
