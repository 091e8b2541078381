import ArgumentParser
import Backbones
import Checkpoints
import Datasets
import Experiments
import Foundation
import NeuralNetworks
import TensorEngine
import Training
import TuningMethods

/// Which trained parameters a command looks through, if any.
struct AdapterOptions: ParsableArguments {
  @Option(help: "An adapter file, or a folder with adapter.safetensors; none: the bare backbone.")
  var adapter: String?

  @Option(help: "The method of an adapter file that does not name its own.")
  var method: String?

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: "A hyperparameter of --method, such as alpha=16; repeat for more.")
  var settings: [String] = []

  @Option(help: "The task of a multi-task adapter, by its data set's name (default: the first).")
  var task: String?

  /// The longest source in tokens that the adapter was trained for, where it matters.
  var longestSource: Int? { (try? tuning())?.longestSource }

  /// How the sources that the adapter was trained on were read; `nil` where it does not say.
  var reading: SourceReading? {
    guard let adapter, let file = try? AdapterFile(path: adapter) else { return nil }
    return file.reading.flatMap { SourceReading(json: $0) }
  }

  /// The backbone seen through the adapter.
  ///
  /// - Parameter data: the data set that it is to be used on, `NAME[:split]`: of a multi-task
  ///   adapter, the task unless `--task` says another.
  /// - Throws: `Failure`, `CheckpointError` or `TrainingError` where they do not fit.
  func model(_ backbone: LoadedBackbone, on data: String? = nil) throws -> TunedModel {
    guard let adapter, let method = try tuning() else {
      if !settings.isEmpty { throw Failure(.usage, "--set changes an --adapter; name one.") }
      if let task { throw Failure(.usage, "--task \(task) needs an --adapter that has tasks.") }
      return TunedModel(backbone: backbone, adaptation: Adaptation(), parameters: Parameters())
    }
    let tasks = try AdapterFile(path: adapter).tasks
    let adaptation = try Self.adaptation(method, of: backbone.model.anatomy, tasks, adapter)
    let parameters = try Parameters(adapterAt: adapter, for: adaptation)
    return TunedModel(
      backbone: backbone, adaptation: adaptation, parameters: parameters,
      task: try index(of: data, among: tasks))
  }

  /// What a method of an adapter file declares on a backbone.
  ///
  /// - Throws: `Failure` where its hyperparameters are impossible, there or anywhere.
  static func adaptation(
    _ method: any TuningMethod, of anatomy: Anatomy, _ tasks: [String], _ adapter: String
  ) throws -> Adaptation {
    let problems = method.problems(on: anatomy, taskCount: max(1, tasks.count))
    guard problems.isEmpty else {
      throw Failure(.invalid, "\(adapter): \(problems.joined(separator: "; ")).")
    }
    return method.adaptation(of: anatomy, taskCount: max(1, tasks.count))
  }

  /// - Throws: `Failure` with the command that makes an adapter file of a folder of PEFT.
  static func refuseFolderOfPEFT(_ path: String) throws {
    guard PEFTFolder.isFolder(path),
      !FileManager.default.fileExists(atPath: "\(path)/adapter.safetensors")
    else { return }
    throw Failure(
      .usage,
      "\(path) is a folder of PEFT; make an adapter file of it first: dept adapter convert \(path)"
        + " FILE.safetensors --backbone NAME")
  }

  private func index(of data: String?, among tasks: [String]) throws -> Int {
    if let task {
      if let index = tasks.firstIndex(of: task) { return index }
      throw Failure(
        .usage,
        tasks.isEmpty
          ? "The adapter was trained on one task; leave --task \(task) out."
          : "The adapter has no task '\(task)'\(NearestName.hint(for: task, among: tasks))")
    }
    guard tasks.count > 1, let data else { return 0 }
    let name = Self.canonical(data.split(separator: ":").first.map(String.init) ?? data)
    if let index = tasks.firstIndex(where: { Self.canonical($0) == name }) { return index }
    throw Failure(
      .usage,
      "The adapter was trained on \(tasks.joined(separator: ", ")), and \(data) is none of them;"
        + " say as which one it is to be read with --task.")
  }

  /// A data set's own name for an alias, and one spelling for a file.
  private static func canonical(_ name: String) -> String {
    let dataset = try? DatasetCatalogue.standard.dataset(DatasetID(rawValue: name))
    guard let dataset, !(dataset is OwnDataset) else {
      return URL(filePath: name).standardizedFileURL.path
    }
    return dataset.id.rawValue
  }

  /// The method: as named, as the file says, or as the shapes of a soft prompt and DePT tell.
  func tuning() throws -> (any TuningMethod)? {
    guard let adapter else { return nil }
    try Self.refuseFolderOfPEFT(adapter)
    if let method {
      var options = MethodOptions()
      options.method = method
      options.settings = settings
      return try options.resolved()
    }
    let file = try AdapterFile(path: adapter)
    if let name = file.method, let hyperparameters = file.hyperparameters {
      let stored = try? JSONDecoder().decode(
        [String: JSONValue].self, from: Data(hyperparameters.utf8))
      guard let stored else {
        throw Failure(
          .invalid,
          "The hyperparameters in \(adapter) are no JSON object; make it again, or say --method and"
            + " --set yourself.")
      }
      let changed = try MethodOptions.parsed(settings)
      return try MethodDescription(
        name: name, hyperparameters: stored.merging(changed) { $1 }
      ).catalogued()
    }
    let shapes = Dictionary(
      file.parameters.map { ($0.parameter, $0.shape) }, uniquingKeysWith: { first, _ in first })
    let length = shapes["prompt"]?.first ?? 0
    if let a = shapes["embedding.a"], a.count == 2 {
      return DePT(promptLength: length, rank: a[1], sourceLength: a[0])
    }
    if length > 0, shapes.count == 1 { return PromptTuning(length: length) }
    throw Failure(
      .usage,
      "\(adapter) does not say which method made it; add --method NAME and its --set key=value.")
  }
}
