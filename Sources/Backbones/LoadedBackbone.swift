import Checkpoints
import Foundation
public import NeuralNetworks
public import TensorEngine
public import Tokenization

/// A backbone with its tokenizer: all that a directory in Hugging Face layout gives.
public struct LoadedBackbone: Sendable {
  public let model: any Backbone
  public let tokenizer: any Tokenizer
  /// Where it came from.
  public let directory: String

  public init(model: any Backbone, tokenizer: any Tokenizer, directory: String) {
    self.model = model
    self.tokenizer = tokenizer
    self.directory = directory
  }

  /// Loads a directory: `config.json`, weights as safetensors, tokenizer.
  ///
  /// - Parameter storing: how matrices are kept: as float32 they are mapped, not copied; as
  ///   bfloat16 they take half of that, in memory of this process.
  /// - Throws: `BackboneError`, `CheckpointError` or `TokenizerError`.
  public init(directory: String, storing dtype: DType = .float32) throws {
    let configuration = try T5Configuration(directory: directory)
    let checkpoint = try Checkpoint(directory: directory)
    let model = try T5(
      configuration,
      source: T5.storing(dtype) { name, shape in
        try checkpoint.tensor(named: T5.checkpointName(name, in: checkpoint), shape: shape)
      })
    let tokenizer = try T5Tokenizer(directory: directory)
    let largest = tokenizer.vocabularySize
    guard largest <= configuration.vocabularySize else {
      throw BackboneError.vocabularyMismatch(
        directory: directory, tokenizer: largest, embedding: configuration.vocabularySize)
    }
    self.init(model: model, tokenizer: tokenizer, directory: directory)
  }

  /// The paths of the files of a directory that decide what is loaded from it, sorted.
  public static func files(in directory: String) -> [String] {
    let named: Set<String> = [
      "config.json", "spiece.model", "tokenizer.json", "tokenizer_config.json",
    ]
    let all = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    let read = all.filter {
      named.contains($0) || $0.hasSuffix(".safetensors") || $0.hasSuffix(".safetensors.index.json")
    }
    // A directory without any is reported as missing its first file.
    return (read.isEmpty ? ["config.json"] : read.sorted()).map { "\(directory)/\($0)" }
  }

  /// The starting values of what a method trains on this backbone.
  ///
  /// - Parameter sources: the adapters of other runs that the method starts from.
  public func initialParameters(
    _ adaptation: Adaptation, seed: Int, sources: [Parameters] = []
  ) -> Parameters {
    let (model, tokenizer) = (model, tokenizer)
    return adaptation.initialParameters(
      key: RandomKey(seed: seed).folding("parameters"),
      frozen: { path in
        guard let weight = model.weights[path] else {
          preconditionFailure("\(path) is not a weight of this backbone")
        }
        return weight
      },
      tokenIDs: { tokenizer.encode($0) }, sources: sources)
  }
}

extension T5Configuration {
  /// Reads `config.json` of a directory.
  ///
  /// - Throws: `BackboneError`.
  public init(directory: String) throws(BackboneError) {
    let path = "\(directory)/config.json"
    guard let data = FileManager.default.contents(atPath: path) else {
      throw .missing(directory: directory)
    }
    struct Kind: Decodable { let model_type: String? }
    let kind = (try? JSONDecoder().decode(Kind.self, from: data))?.model_type ?? "t5"
    guard kind == "t5" else { throw .unsupported(path: path, architecture: kind) }
    do {
      self = try JSONDecoder().decode(T5Configuration.self, from: data)
    } catch DecodingError.keyNotFound(let key, _) {
      throw .malformedConfiguration(path: path, reason: "the key '\(key.stringValue)' is missing")
    } catch DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context)
    {
      let key = context.codingPath.map(\.stringValue).joined(separator: ".")
      throw .malformedConfiguration(
        path: path, reason: "the value of '\(key)' has the wrong type")
    } catch DecodingError.dataCorrupted(let context) where !context.codingPath.isEmpty {
      let key = context.codingPath.map(\.stringValue).joined(separator: ".")
      throw .malformedConfiguration(path: path, reason: "the value of '\(key)' is not supported")
    } catch {
      throw .malformedConfiguration(path: path, reason: "it is not valid JSON")
    }
    if let issue = impossibility { throw .malformedConfiguration(path: path, reason: issue) }
  }

  private var impossibility: String? {
    let sizes = [
      ("vocab_size", vocabularySize), ("d_model", width), ("d_kv", headWidth),
      ("num_heads", headCount), ("d_ff", innerWidth), ("num_layers", encoderLayerCount),
      ("num_decoder_layers", decoderLayerCount), ("relative_attention_num_buckets", bucketCount),
    ]
    if let size = sizes.first(where: { $0.1 < 1 || $0.1 > 1 << 20 }) {
      return "\(size.0) cannot be \(size.1)"
    }
    if max(encoderLayerCount, decoderLayerCount) > 1024 || headCount * headWidth > 1 << 20 {
      return "a model of that depth or width cannot be"
    }
    // Half of the buckets are for exact distances; the logarithm of the rest needs a longer reach.
    if bucketCount < 4 { return "relative_attention_num_buckets cannot be \(bucketCount)" }
    if maximumDistance <= bucketCount / 2 {
      return "relative_attention_max_distance has to be more than \(bucketCount / 2), not "
        + "\(maximumDistance)"
    }
    for (name, id) in [
      ("decoder_start_token_id", decoderStartToken), ("eos_token_id", endToken),
      ("pad_token_id", padToken),
    ] where !(0..<vocabularySize).contains(id) {
      return "\(name) is \(id), which is no id of a vocabulary of \(vocabularySize)"
    }
    if !(0..<1).contains(dropout) { return "dropout_rate cannot be \(dropout)" }
    return epsilon > 0 ? nil : "layer_norm_epsilon cannot be \(epsilon)"
  }
}

extension T5 {
  /// The name a tensor has in a checkpoint: some save the shared embeddings under another.
  static func checkpointName(_ name: String, in checkpoint: Checkpoint) -> String {
    guard name == "shared.weight", checkpoint.entry(named: name) == nil else { return name }
    let other = "encoder.embed_tokens.weight"
    return checkpoint.entry(named: other) == nil ? name : other
  }
}
