public import Backbones
public import TensorEngine

/// Random backbones of a few thousand weights, in every shape that a real one has.
public enum TinyBackbone: String, CaseIterable, Sendable {
  /// ReLU, one table for embeddings and head, more encoder than decoder.
  case version10 = "T5 v1.0"
  /// Gated GELU, a head of its own, more decoder than encoder.
  case version11 = "T5 v1.1"
  /// A decoder alone, with absolute positions.
  case gpt2 = "GPT-2"

  /// Those with an encoder.
  public static let encoderDecoders: [TinyBackbone] = [.version10, .version11]

  /// Widths differ from each other, so that none can stand in for another.
  public var architecture: Architecture {
    switch self {
    case .version10, .version11: .t5(t5Configuration)
    case .gpt2:
      .gpt2(
        GPT2Configuration(
          vocabularySize: 29, width: 18, headCount: 3, layerCount: 2, innerWidth: 20,
          positionCount: 160))
    }
  }

  private var t5Configuration: T5Configuration {
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

  /// The model with random weights; those of GPT-2 are larger than a new model's, and none is 0 or
  /// 1 throughout.
  public func model(
    seed: Int = 0, storing dtype: DType = .float32
  ) throws -> any Backbone {
    let key = RandomKey(seed: seed).folding(rawValue)
    guard case .gpt2(let configuration) = architecture else {
      return try architecture.random(key: key, storing: dtype)
    }
    return try GPT2(
      configuration,
      source: GPT2.storing(dtype) { name, shape in
        let isNorm = name.contains(".ln_") && name.hasSuffix(".weight")
        let deviation = shape.count == 1 ? 0.2 : 1 / Float(shape[1]).squareRoot()
        let noise = Tensor.normal(shape, deviation: deviation, key: key.folding(name))
        return isNorm ? noise + .ones(shape) : noise
      })
  }

  /// A T5 with random weights.
  public func t5Model(seed: Int = 0, storing dtype: DType = .float32) throws -> T5 {
    try .random(t5Configuration, key: RandomKey(seed: seed).folding(rawValue), storing: dtype)
  }

  /// The model with a tokenizer.
  public func loaded(seed: Int = 0, storing dtype: DType = .float32) throws -> LoadedBackbone {
    LoadedBackbone(
      model: try model(seed: seed, storing: dtype),
      tokenizer: ByteTokenizer(vocabularySize: architecture.vocabularySize),
      directory: rawValue)
  }
}
