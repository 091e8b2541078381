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
  /// How texts become its ids.
  public let text: BackboneText

  public init(model: any Backbone, tokenizer: any Tokenizer, directory: String) {
    self.model = model
    self.tokenizer = tokenizer
    self.directory = directory
    text = BackboneText(tokenizer: tokenizer, sourceEnding: model.sourceEnding)
  }

  /// Loads a directory: `config.json`, weights as safetensors, tokenizer.
  ///
  /// - Parameter storing: how matrices are kept: as float32 they are mapped, not copied; as
  ///   bfloat16 they take half of that, in memory of this process.
  /// - Throws: `BackboneError`, `CheckpointError` or `TokenizerError`.
  public init(directory: String, storing dtype: DType = .float32) throws {
    let architecture = try Architecture(directory: directory)
    let checkpoint = try Checkpoint(directory: directory)
    let model: any Backbone =
      switch architecture {
      case .t5(let configuration): try T5(configuration, checkpoint, storing: dtype)
      case .gpt2(let configuration): try GPT2(configuration, checkpoint, storing: dtype)
      }
    let tokenizer = try openTokenizer(at: directory)
    let largest = tokenizer.vocabularySize
    guard largest <= architecture.vocabularySize else {
      throw BackboneError.vocabularyMismatch(
        directory: directory, tokenizer: largest, embedding: architecture.vocabularySize)
    }
    self.init(model: model, tokenizer: tokenizer, directory: directory)
  }

  /// The paths of the files of a directory that decide what is loaded from it, sorted.
  public static func files(in directory: String) -> [String] {
    let named: Set<String> = [
      "config.json", "spiece.model", "tokenizer.json", "tokenizer_config.json", "vocab.json",
      "merges.txt", "added_tokens.json",
    ]
    let all = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    let read = all.filter {
      named.contains($0) || $0.hasSuffix(".safetensors") || $0.hasSuffix(".safetensors.index.json")
    }
    // A directory without any is reported as missing its first file.
    return (read.isEmpty ? ["config.json"] : read.sorted()).map { "\(directory)/\($0)" }
  }

  /// Those of a directory's files that decide how texts become ids, sorted; empty where the
  /// vocabulary is made, not read.
  public static func vocabularyFiles(in directory: String) -> [String] {
    files(in: directory).filter {
      !$0.contains(".safetensors") && !$0.hasSuffix("/config.json")
        && FileManager.default.fileExists(atPath: $0)
    }
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
