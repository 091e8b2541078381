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

  /// Loads a directory: `config.json`, weights as safetensors (mapped, not copied), tokenizer.
  ///
  /// - Throws: `BackboneError`, `CheckpointError` or `TokenizerError`.
  public init(directory: String) throws {
    let configuration = try T5Configuration(directory: directory)
    let checkpoint = try Checkpoint(directory: directory)
    let model = try T5(configuration) { name, shape in
      try checkpoint.tensor(named: T5.checkpointName(name, in: checkpoint), shape: shape)
    }
    let tokenizer = try T5Tokenizer(directory: directory)
    let largest = tokenizer.vocabularySize
    guard largest <= configuration.vocabularySize else {
      throw BackboneError.vocabularyMismatch(
        directory: directory, tokenizer: largest, embedding: configuration.vocabularySize)
    }
    self.init(model: model, tokenizer: tokenizer, directory: directory)
  }

  /// The starting values of what a method trains on this backbone.
  public func initialParameters(_ adaptation: Adaptation, seed: Int) -> Parameters {
    let (model, tokenizer) = (model, tokenizer)
    return adaptation.initialParameters(
      key: RandomKey(seed: seed).folding("parameters"),
      frozen: { path in
        guard let weight = model.weights[path] else {
          preconditionFailure("\(path) is not a weight of this backbone")
        }
        return weight
      },
      tokenIDs: { tokenizer.encode($0) })
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
    return sizes.first { $0.1 < 1 || $0.1 > 1 << 24 }.map { "\($0.0) cannot be \($0.1)" }
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
