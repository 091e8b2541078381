public import Backbones
import Checkpoints
import Foundation
public import TensorEngine
public import TuningMethods

/// A small model with what PyTorch and transformers compute with it: a folder with `config.json`,
/// `model.safetensors`, `golden.json` and the tensors of each method.
public struct GoldenModel: Sendable {
  /// A way to write an answer, with what it writes: the end token included.
  public struct Written: Decodable, Sendable {
    public var ids: [Int]
  }

  /// What a model writes with one beam and with four.
  public struct Generation: Decodable, Sendable {
    public var greedy: Written
    public var beam: Written
  }

  /// One example and what the frozen model makes of it.
  public struct Example: Decodable, Sendable {
    public var source: [Int]
    public var target: [Int]
    public var logprobs: [Double]
    public var greedy: Written
    public var beam: Written
  }

  /// What a tuned model makes of all examples.
  public struct Tuned: Decodable, Sendable {
    /// The mean cross-entropy over all target tokens of the examples as one batch.
    public var loss: Double
    public var logprobs: [[Double]]?
    public var generations: [Generation]?
  }

  private struct File: Decodable {
    var examples: [Example]
    var methods: [String: Tuned]
  }

  public let directory: String
  public let model: T5
  public let examples: [Example]
  /// By catalogue name.
  public let tuned: [String: Tuned]

  /// - Throws: what reading the files throws.
  public init(directory: String) throws {
    self.directory = directory
    let checkpoint = try Checkpoint(directory: directory)
    model = try T5(T5Configuration(directory: directory)) {
      try checkpoint.tensor(named: $0, shape: $1)
    }
    let data = try Data(contentsOf: URL(fileURLWithPath: "\(directory)/golden.json"))
    let file = try JSONDecoder().decode(File.self, from: data)
    examples = file.examples
    tuned = file.methods
  }

  /// The methods whose values are there, with the hyperparameters they were made with.
  public func methods() throws -> [any TuningMethod] {
    let rows = try tensors("dept.adapter")["encoder.input/embedding.a"].shape[0]
    return [
      PromptTuning(length: 4), DePT(promptLength: 3, rank: 2, sourceLength: rows),
      LoRA(rank: 3, alpha: 6), FullFineTuning(),
    ]
  }

  /// The tensors of a file, by their names there: `dept.gradient`, `logits`.
  ///
  /// - Throws: `CheckpointError`.
  public func tensors(_ name: String) throws -> Parameters {
    let file = try SafetensorsFile(path: "\(directory)/\(name).safetensors")
    var tensors = Parameters()
    for name in file.names { tensors[name] = try file.tensor(named: name) }
    return tensors
  }

  /// The tensors of a file under the names that `method` declares: those of full fine-tuning are
  /// stored under the checkpoint's names.
  public func tensors(_ name: String, of method: any TuningMethod) throws -> Parameters {
    let stored = try tensors("\(type(of: method).name).\(name)")
    guard method is FullFineTuning else { return stored }
    var tensors = Parameters()
    for (path, name) in model.checkpointNames { tensors["\(path)/weight"] = stored[name] }
    return tensors
  }

  /// Where training starts: the method's adapter file, or the model's own weights.
  public func start(of method: any TuningMethod) throws -> Parameters {
    guard method is FullFineTuning else { return try tensors("adapter", of: method) }
    var weights = Parameters()
    for (path, tensor) in model.weights { weights["\(path)/weight"] = tensor }
    return weights
  }
}
