public import Backbones
public import TensorEngine

/// Random backbones of a few thousand weights, in every shape that a real one has.
public enum TinyBackbone: String, CaseIterable, Sendable {
  /// ReLU, one table for embeddings and head, more encoder than decoder.
  case version10 = "T5 v1.0"
  /// Gated GELU, a head of its own, more decoder than encoder.
  case version11 = "T5 v1.1"

  /// Widths differ from each other, so that none can stand in for another.
  public var configuration: T5Configuration {
    var configuration = T5Configuration(
      vocabularySize: 29, width: 16, headWidth: 6, headCount: 2, innerWidth: 20,
      encoderLayerCount: self == .version10 ? 2 : 1,
      decoderLayerCount: self == .version10 ? 1 : 2)
    configuration.bucketCount = 8
    configuration.maximumDistance = 10
    if self == .version11 {
      configuration.activation = .gatedGELU
      configuration.isHeadTied = false
    }
    return configuration
  }

  /// The model with random weights.
  public func model(seed: Int = 0, storing dtype: DType = .float32) throws -> T5 {
    try .random(configuration, key: RandomKey(seed: seed).folding(rawValue), storing: dtype)
  }

  /// The model with a tokenizer.
  public func loaded(seed: Int = 0, storing dtype: DType = .float32) throws -> LoadedBackbone {
    LoadedBackbone(
      model: try model(seed: seed, storing: dtype),
      tokenizer: ByteTokenizer(vocabularySize: configuration.vocabularySize),
      directory: rawValue)
  }
}
