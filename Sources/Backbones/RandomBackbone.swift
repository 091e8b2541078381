import Foundation
public import TensorEngine
public import Tokenization

/// An architecture with weights drawn at random: it answers nothing, but takes the time and the
/// memory of the trained model, and nothing is downloaded.
public struct RandomBackbone: Hashable, Sendable {
  public let architecture: Architecture

  public init(_ architecture: Architecture) { self.architecture = architecture }

  /// The architecture of a name of the catalogue, or of a directory with `config.json`.
  ///
  /// - Parameter directory: where the architecture lies; not read where the catalogue knows it.
  /// - Throws: `BackboneError`.
  public init(_ id: BackboneID, directory: String?) throws(BackboneError) {
    self.init(try BackboneCatalogue.standard.architecture(id, directory: directory))
  }

  /// One id a word, over the ids of the architecture.
  public var tokenizer: WordTokenizer {
    WordTokenizer(
      vocabularySize: architecture.vocabularySize, padToken: architecture.padToken,
      endToken: architecture.endToken)
  }

  /// Draws the weights: the same ones for the same key, always.
  ///
  /// - Throws: never in practice; the signature follows the model's.
  public func load(
    key: RandomKey = RandomKey(seed: 0), storing dtype: DType = .float32
  ) throws -> LoadedBackbone {
    LoadedBackbone(
      model: try architecture.random(key: key, storing: dtype), tokenizer: tokenizer,
      directory: "")
  }

  /// What decides the weights, as text: the part of files in the identity of a run.
  public var recipe: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let sizes = (try? encoder.encode(architecture.configuration))
      .map { String(decoding: $0, as: UTF8.self) }
    return "random weights, revision 1\n\(sizes ?? "\(architecture.configuration)")"
  }
}

extension BackboneID {
  private static let randomSuffix = ":random"

  /// The architecture of a backbone by name or directory, with random weights: `t5-base:random`.
  ///
  /// ```swift
  /// Run(PromptTuning(), on: .length(256), with: .random(.t5Base))
  /// ```
  public static func random(_ architecture: BackboneID) -> BackboneID {
    BackboneID(rawValue: architecture.rawValue + randomSuffix)
  }

  /// What `random(_:)` was given; `nil` for a backbone whose weights are read from files.
  public var randomArchitecture: BackboneID? {
    guard rawValue.hasSuffix(Self.randomSuffix) else { return nil }
    return BackboneID(rawValue: String(rawValue.dropLast(Self.randomSuffix.count)))
  }
}

extension LoadedBackbone {
  /// Loads what a name stands for: files of its directory, or random weights.
  ///
  /// - Parameter directory: the directory in Hugging Face layout; for random weights that of the
  ///   architecture, which is not read where the catalogue knows it.
  /// - Parameter storing: how matrices are kept, as in `init(directory:storing:)`.
  /// - Throws: `BackboneError`, `CheckpointError` or `TokenizerError`.
  public init(_ id: BackboneID, directory: String, storing dtype: DType = .float32) throws {
    if let architecture = id.randomArchitecture {
      self = try RandomBackbone(architecture, directory: directory).load(storing: dtype)
    } else {
      try self.init(directory: directory, storing: dtype)
    }
    // What rounding has left behind.
    if dtype == .bfloat16 { Engine.releaseUnusedMemory() }
  }
}
