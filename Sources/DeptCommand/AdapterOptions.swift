import ArgumentParser
import Backbones
import Checkpoints
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

  /// The backbone seen through the adapter.
  ///
  /// - Parameter data: the data set that it is to be used on, `NAME[:split]`: of a multi-task
  ///   adapter, the task unless `--task` says another.
  /// - Throws: `Failure`, `CheckpointError` or `TrainingError` where they do not fit.
  func model(_ backbone: LoadedBackbone, on data: String? = nil) throws -> TunedModel {
    guard let adapter, let method = try tuning() else {
      if let task { throw Failure(.usage, "--task \(task) needs an --adapter that has tasks.") }
      return TunedModel(backbone: backbone, adaptation: Adaptation(), parameters: Parameters())
    }
    let tasks = try AdapterFile(path: adapter).tasks
    let adaptation = method.adaptation(
      of: backbone.model.anatomy, taskCount: max(1, tasks.count))
    let parameters = try Parameters(adapterAt: adapter, for: adaptation)
    return TunedModel(
      backbone: backbone, adaptation: adaptation, parameters: parameters,
      task: try index(of: data, among: tasks))
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
    let name = data.map { $0.split(separator: ":").first.map(String.init) ?? $0 }
    return name.flatMap { tasks.firstIndex(of: $0) } ?? 0
  }

  /// The method: as named, as the file says, or as the shapes of a soft prompt and DePT tell.
  func tuning() throws -> (any TuningMethod)? {
    guard let adapter else { return nil }
    if let method {
      var options = MethodOptions()
      options.method = method
      options.settings = settings
      return try options.resolved()
    }
    let file = try AdapterFile(path: adapter)
    if let name = file.method, let hyperparameters = file.hyperparameters {
      let settings = try? JSONDecoder().decode(
        [String: JSONValue].self, from: Data(hyperparameters.utf8))
      return try MethodDescription(name: name, hyperparameters: settings ?? [:]).catalogued()
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
