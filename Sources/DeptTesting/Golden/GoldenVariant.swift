public import Backbones
import Checkpoints
import Experiments
import Foundation
public import TensorEngine
public import TuningMethods

/// One method in one setting on a small model, with what PyTorch computes with it.
public struct GoldenVariant: Sendable {
  /// What a method computes, as `golden.json` has it.
  private struct Entry: Decodable {
    var method: String?
    var loss: Double
    var tasks, task: Int?
    var logprobs: [[Double]]?
    var greedy: [GoldenModel.Written]?
  }

  private struct File: Decodable {
    struct Example: Decodable { var source, target: [Int] }
    var examples: [Example]
    var methods: [String: Entry]
  }

  /// The folder of the model.
  public let directory: String
  /// The name of the entry: `p-tuning-lstm`.
  public let name: String
  public let method: any TuningMethod
  /// The tasks that it is declared for, and the one that its values belong to.
  public let taskCount, task: Int
  /// Sources and targets of the model's examples.
  public let examples: [(source: [Int], target: [Int])]
  /// The mean cross-entropy over all target tokens of the examples as one batch.
  public let loss: Double
  /// Of every target token of every example; `nil` where they were not computed.
  public let logprobs: [[Double]]?
  /// The answer of every example, the end token included; `nil` where there is none.
  public let greedy: [[Int]]?

  /// The entries of a folder that name a method of the catalogue, sorted.
  ///
  /// - Throws: what reading the files throws.
  public static func all(in directory: String) throws -> [GoldenVariant] {
    let data = try Data(contentsOf: URL(filePath: "\(directory)/golden.json"))
    let file = try JSONDecoder().decode(File.self, from: data)
    return try file.methods.sorted { $0.key < $1.key }.compactMap { name, entry in
      guard let kind = entry.method else { return nil }
      return GoldenVariant(
        directory: directory, name: name,
        method: try method(kind, name, in: directory), taskCount: entry.tasks ?? 1,
        task: entry.task ?? 0, examples: file.examples.map { ($0.source, $0.target) },
        loss: entry.loss, logprobs: entry.logprobs, greedy: entry.greedy?.map(\.ids))
    }
  }

  /// The tensors of one of its files, by their names there: `gradient`.
  ///
  /// - Throws: `CheckpointError`.
  public func tensors(_ kind: String) throws -> Parameters {
    let file = try SafetensorsFile(path: "\(directory)/\(name).\(kind).safetensors")
    var tensors = Parameters()
    for name in file.names { tensors[name] = try file.tensor(named: name) }
    return tensors
  }

  /// Where training starts: the adapter, or the model's own weights.
  ///
  /// - Throws: `CheckpointError`.
  public func start(on model: any Backbone) throws -> Parameters {
    guard method is FullFineTuning else { return try tensors("adapter") }
    var weights = Parameters()
    for (path, tensor) in model.weights { weights["\(path)/weight"] = tensor }
    return weights
  }

  /// The method with the hyperparameters of its adapter file.
  private static func method(
    _ kind: String, _ name: String, in directory: String
  ) throws -> any TuningMethod {
    guard kind != FullFineTuning.name else { return FullFineTuning() }
    let file = try AdapterFile(path: "\(directory)/\(name).adapter.safetensors")
    var settings = try JSONDecoder().decode(
      [String: JSONValue].self, from: Data((file.hyperparameters ?? "{}").utf8))
    // The values were computed without a dropout of the method's own.
    if kind == LoRABitFit.name { settings["dropout"] = .integer(0) }
    return try MethodDescription(name: kind, hyperparameters: settings).catalogued()
  }
}
