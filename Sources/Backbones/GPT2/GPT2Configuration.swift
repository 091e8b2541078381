import NeuralNetworks

/// The architecture of a GPT-2 model, read from a Hugging Face `config.json` (Radford et al.,
/// Language models are unsupervised multitask learners, 2019).
public struct GPT2Configuration: Hashable, Sendable, Codable {
  /// The feed-forward nonlinearity.
  public enum Activation: String, Hashable, Sendable, Codable {
    /// The Gaussian error linear unit by its tanh formula.
    case approximateGELU = "gelu_new"
    /// The same by the error function.
    case gelu
  }

  public var vocabularySize: Int
  /// The width of the residual stream, a multiple of `headCount`.
  public var width: Int
  public var headCount: Int
  public var layerCount: Int
  /// The inner width of the feed-forward layers.
  public var innerWidth: Int
  /// The rows of the position table: no sequence is longer.
  public var positionCount = 1024
  public var dropout: Float = 0.1
  public var epsilon: Float = 1e-5
  public var activation = Activation.approximateGELU
  /// Whether scores are divided by the square root of a head's width.
  public var scalesScores = true
  /// Whether the head is the word embeddings.
  public var isHeadTied = true
  /// The id that ends a text, 50256 where `config.json` names none.
  public var endToken: Int

  /// - Parameter innerWidth: `nil`: four times the width.
  public init(
    vocabularySize: Int, width: Int, headCount: Int, layerCount: Int, innerWidth: Int? = nil,
    positionCount: Int = 1024
  ) {
    self.vocabularySize = vocabularySize
    self.width = width
    self.headCount = headCount
    self.layerCount = layerCount
    self.innerWidth = innerWidth ?? 4 * width
    self.positionCount = positionCount
    endToken = vocabularySize - 1
  }

  /// What the blocks are made of.
  var dimensions: Anatomy.Dimensions {
    Anatomy.Dimensions(
      headCount: headCount, headWidth: width / headCount, innerWidth: innerWidth, bucketCount: nil,
      normalization: .layer, epsilon: epsilon)
  }

  private enum CodingKeys: String, CodingKey {
    case vocabularySize = "vocab_size"
    case width = "n_embd"
    case headCount = "n_head"
    case layerCount = "n_layer"
    case innerWidth = "n_inner"
    case positionCount = "n_positions"
    case dropout = "resid_pdrop"
    case epsilon = "layer_norm_epsilon"
    case activation = "activation_function"
    case scalesScores = "scale_attn_weights"
    case isHeadTied = "tie_word_embeddings"
    case endToken = "eos_token_id"
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func optional<Value: Decodable>(_ key: CodingKeys, _ fallback: Value) throws -> Value {
      try container.decodeIfPresent(Value.self, forKey: key) ?? fallback
    }
    vocabularySize = try container.decode(Int.self, forKey: .vocabularySize)
    width = try container.decode(Int.self, forKey: .width)
    headCount = try container.decode(Int.self, forKey: .headCount)
    layerCount = try container.decode(Int.self, forKey: .layerCount)
    innerWidth =
      try container.decodeIfPresent(Int.self, forKey: .innerWidth)
      ?? width.multipliedReportingOverflow(by: 4).partialValue
    positionCount = try optional(.positionCount, 1024)
    dropout = try optional(.dropout, 0.1)
    epsilon = try optional(.epsilon, 1e-5)
    activation = try optional(.activation, .approximateGELU)
    scalesScores = try optional(.scalesScores, true)
    isHeadTied = try optional(.isHeadTied, true)
    endToken = try optional(.endToken, 50256)
  }
}

extension GPT2Configuration {
  /// GPT-2 of 124 million parameters.
  public static let small = published(width: 768, headCount: 12, layerCount: 12)
  /// GPT-2 of 355 million parameters.
  public static let medium = published(width: 1024, headCount: 16, layerCount: 24)
  /// GPT-2 of 774 million parameters.
  public static let large = published(width: 1280, headCount: 20, layerCount: 36)

  private static func published(
    width: Int, headCount: Int, layerCount: Int
  ) -> GPT2Configuration {
    GPT2Configuration(
      vocabularySize: 50257, width: width, headCount: headCount, layerCount: layerCount)
  }
}
