import ArgumentParser
import Checkpoints
import Foundation
import NeuralNetworks
import TensorEngine
import Training
import TuningMethods

/// `dept adapter convert`: between files of this program and folders of PEFT.
struct AdapterConvertCommand: ParsableCommand {
  /// A form of adapters.
  enum Form: String, ExpressibleByArgument, CaseIterable {
    case dept, peft
  }

  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Convert an adapter to a folder of Hugging Face's PEFT, or such a folder back.",
    discussion: """
      dept adapter convert runs/cola/adapter.safetensors cola-peft --backbone t5-base
      dept adapter convert cola-peft runs/from-peft --backbone t5-base
      dept adapter convert dept-official/cola runs/official --backbone t5-base

      The direction is told by what FROM is. Both compute the same; what PEFT cannot compute is \
      refused: it has \(PEFTInterchange.methods.joined(separator: ", ")). Folders of DePT's \
      authors (PROMPT_TUNING_LORA) are read too. The backbone's configuration is enough, no weights.
      """)

  @Argument(help: "An adapter file, a folder with adapter.safetensors, or a folder of PEFT.")
  var from: String
  @Argument(
    help: "The folder to write; for an adapter file, a name that ends with .safetensors too.")
  var to: String
  @OptionGroup var backboneOptions: BackboneOptions
  @Option(
    name: .customLong("to"),
    help: "The form to write, if the command should fail where FROM has that form already.")
  var form: Form?
  @Option(help: "Which task of a multitask prompt to read, counted from 0.") var task: Int?
  @Option(help: "The method of an adapter file that does not name its own.") var method: String?
  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: "A hyperparameter of --method, such as alpha=16; repeat for more.")
  var settings: [String] = []
  @OptionGroup var surroundingsOptions: SurroundingsOptions

  func run() throws {
    guard !FileIdentity.isSame(from, to) else {
      throw Failure(
        .usage, "\(to) is what is to be converted; a folder holds one form, so choose another.")
    }
    let isFolder = PEFTFolder.isFolder(from)
    let target: Form = isFolder ? .dept : .peft
    guard form ?? target == target else {
      throw Failure(
        .usage, "\(from) is of the form '\(target == .dept ? "peft" : "dept")' already.")
    }
    let model = try HuggingFaceModel(
      backboneOptions.id, surroundingsOptions.surroundings())
    let interchange = PEFTInterchange(model)
    if isFolder {
      let file = try interchange.adapter(PEFTFolder(path: from), path: from, task: task)
      let path = try adapterPath()
      try file.write(to: path)
      print("wrote \(path)")
    } else {
      try folder(interchange).write(to: to)
      print("wrote \(to), a folder of PEFT")
    }
  }

  /// FROM as a folder of PEFT.
  private func folder(_ interchange: PEFTInterchange) throws -> PEFTFolder {
    let options = try AdapterOptions(adapter: from, method: method, settings: settings)
    guard let tuning = try options.tuning() else {
      throw Failure(.usage, "\(from) does not say which method made it; add --method NAME.")
    }
    let adaptation = try AdapterOptions.adaptation(
      tuning, of: interchange.model.anatomy, try AdapterFile(path: from).tasks, from)
    let parameters = try Parameters(adapterAt: from, for: adaptation)
    return try interchange.folder(tuning, adaptation, parameters)
  }

  /// Where an adapter file goes; its folder is made.
  private func adapterPath() throws -> String {
    let isFile = to.hasSuffix(".safetensors")
    let folder = isFile ? URL(filePath: to).deletingLastPathComponent().path : to
    try TrainingFolder(folder.isEmpty ? "." : folder).create()
    return isFile ? to : TrainingFolder(to).adapter
  }
}
