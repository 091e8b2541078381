import NeuralNetworks
public import TensorEngine

/// What a backbone is without its weights: a family, and the sizes of one of its models.
public enum Architecture: Hashable, Sendable {
  case t5(T5Configuration)
  case gpt2(GPT2Configuration)

  /// Reads `config.json` of a directory.
  ///
  /// - Throws: `BackboneError`.
  public init(directory: String) throws(BackboneError) {
    let file = try ConfigurationFile(directory: directory)
    switch file.family ?? "t5" {
    case "t5": self = .t5(try T5Configuration(file))
    case "gpt2": self = .gpt2(try GPT2Configuration(file))
    case let other: throw .unsupported(path: file.path, architecture: other)
    }
  }

  /// The sizes: what `config.json` says.
  var configuration: any Encodable & Sendable {
    switch self {
    case .t5(let configuration): configuration
    case .gpt2(let configuration): configuration
    }
  }

  /// The rows of the word embeddings.
  public var vocabularySize: Int {
    switch self {
    case .t5(let configuration): configuration.vocabularySize
    case .gpt2(let configuration): configuration.vocabularySize
    }
  }

  /// What follows every source, where no end token does: the question of the DePT paper's code.
  public var sourceEnding: String? {
    switch self {
    case .t5: nil
    case .gpt2: " Label : "
    }
  }

  /// The width of the residual stream.
  public var width: Int {
    switch self {
    case .t5(let configuration): configuration.width
    case .gpt2(let configuration): configuration.width
    }
  }

  /// The id that ends a text.
  public var endToken: Int {
    switch self {
    case .t5(let configuration): configuration.endToken
    case .gpt2(let configuration): configuration.endToken
    }
  }

  /// The id that fills a sequence up; GPT-2 has none, and the one that ends a text stands for it.
  public var padToken: Int {
    switch self {
    case .t5(let configuration): configuration.padToken
    case .gpt2(let configuration): configuration.endToken
    }
  }

  /// The model without weights: sites, shapes and names.
  ///
  /// - Throws: never in practice; the signature follows the models'.
  public func described() throws -> any Backbone {
    switch self {
    case .t5(let configuration): try T5.described(configuration)
    case .gpt2(let configuration): try GPT2.described(configuration)
    }
  }

  /// The model with random weights, drawn as transformers draws them.
  ///
  /// - Throws: never in practice; the signature follows the models'.
  public func random(key: RandomKey, storing dtype: DType = .float32) throws -> any Backbone {
    switch self {
    case .t5(let configuration): try T5.random(configuration, key: key, storing: dtype)
    case .gpt2(let configuration): try GPT2.random(configuration, key: key, storing: dtype)
    }
  }
}
