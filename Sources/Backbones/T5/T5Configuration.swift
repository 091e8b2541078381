import Foundation
import NeuralNetworks

/// The architecture of a T5 model, read from a Hugging Face `config.json` (arXiv 1910.10683; v1.1:
/// gated GELU and an untied head).
public struct T5Configuration: Hashable, Sendable, Codable {
  /// The feed-forward nonlinearity.
  public enum Activation: String, Hashable, Sendable, Codable {
    case relu
    case gelu
    case gatedGELU = "gated-gelu"
    case gatedReLU = "gated-relu"

    var isGated: Bool { self == .gatedGELU || self == .gatedReLU }
  }

  public var vocabularySize: Int
  /// The width of the residual stream.
  public var width: Int
  /// The width of one attention head; `headCount · headWidth` need not be `width`.
  public var headWidth: Int
  public var headCount: Int
  /// The inner width of the feed-forward layers.
  public var innerWidth: Int
  public var encoderLayerCount: Int
  public var decoderLayerCount: Int
  public var bucketCount = 32
  public var maximumDistance = 128
  public var dropout: Float = 0.1
  public var epsilon: Float = 1e-6
  public var activation = Activation.relu
  /// Whether the head is the word embeddings, with its input scaled by `width^-0.5`.
  public var isHeadTied = true
  public var padToken = 0
  public var endToken = 1
  public var decoderStartToken = 0

  public init(
    vocabularySize: Int, width: Int, headWidth: Int, headCount: Int, innerWidth: Int,
    encoderLayerCount: Int, decoderLayerCount: Int
  ) {
    self.vocabularySize = vocabularySize
    self.width = width
    self.headWidth = headWidth
    self.headCount = headCount
    self.innerWidth = innerWidth
    self.encoderLayerCount = encoderLayerCount
    self.decoderLayerCount = decoderLayerCount
  }

  /// The ids that a tokenizer can write: published models pad a vocabulary of 32,000 pieces and 100
  /// sentinels to a multiple of 128 rows.
  var tokenCount: Int { vocabularySize == 32128 ? 32100 : vocabularySize }

  /// What the blocks are made of.
  var dimensions: Anatomy.Dimensions {
    Anatomy.Dimensions(
      headCount: headCount, headWidth: headWidth, innerWidth: innerWidth,
      bucketCount: bucketCount, normalization: .rootMeanSquare, epsilon: epsilon)
  }

  private enum CodingKeys: String, CodingKey {
    case vocabularySize = "vocab_size"
    case width = "d_model"
    case headWidth = "d_kv"
    case headCount = "num_heads"
    case innerWidth = "d_ff"
    case encoderLayerCount = "num_layers"
    case decoderLayerCount = "num_decoder_layers"
    case bucketCount = "relative_attention_num_buckets"
    case maximumDistance = "relative_attention_max_distance"
    case dropout = "dropout_rate"
    case epsilon = "layer_norm_epsilon"
    case activation = "feed_forward_proj"
    case isHeadTied = "tie_word_embeddings"
    case padToken = "pad_token_id"
    case endToken = "eos_token_id"
    case decoderStartToken = "decoder_start_token_id"
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func optional<Value: Decodable>(_ key: CodingKeys, _ fallback: Value) throws -> Value {
      try container.decodeIfPresent(Value.self, forKey: key) ?? fallback
    }
    vocabularySize = try container.decode(Int.self, forKey: .vocabularySize)
    width = try container.decode(Int.self, forKey: .width)
    headWidth = try container.decode(Int.self, forKey: .headWidth)
    headCount = try container.decode(Int.self, forKey: .headCount)
    innerWidth = try container.decode(Int.self, forKey: .innerWidth)
    encoderLayerCount = try container.decode(Int.self, forKey: .encoderLayerCount)
    decoderLayerCount = try optional(.decoderLayerCount, encoderLayerCount)
    bucketCount = try optional(.bucketCount, 32)
    maximumDistance = try optional(.maximumDistance, 128)
    dropout = try optional(.dropout, 0.1)
    epsilon = try optional(.epsilon, 1e-6)
    activation = try optional(.activation, .relu)
    isHeadTied = try optional(.isHeadTied, true)
    padToken = try optional(.padToken, 0)
    endToken = try optional(.endToken, 1)
    decoderStartToken = try optional(.decoderStartToken, padToken)
  }
}
