import Foundation

/// Reference values of the package, found from this file's place.
enum Golden {
  static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Golden")

  /// `primitives.json`, decoded.
  static func primitives() throws -> Primitives {
    let data = try Data(contentsOf: folder.appendingPathComponent("primitives.json"))
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Primitives.self, from: data)
  }

  struct Primitives: Decodable {
    var gelu: GELU
    var relativePositionBuckets: [Buckets]
    var rmsNorm: RMSNorm
    var crossEntropy: CrossEntropy
    var attention: [Attention]
    var adamw: [AdamW]
  }

  struct GELU: Decodable {
    var x, tanh, tanhDerivative, erf, erfDerivative: [Double]
  }

  struct Buckets: Decodable {
    var bidirectional: Bool
    var buckets, maxDistance, firstPosition: Int
    var values: [Int]
  }

  struct RMSNorm: Decodable {
    var epsilon: Float
    var x, y, yGradient, xGradient: [[Double]]
    var weight, weightGradient: [Double]
  }

  struct CrossEntropy: Decodable {
    var logits, logitsGradient: [[Double]]
    var targets: [Int32]
    var mean: Double
  }

  struct Attention: Decodable {
    var causal: Bool
    var query, key, value, bias, y, yGradient: [[Double]]
    var queryGradient, keyGradient, valueGradient, biasGradient: [[Double]]
  }

  struct AdamW: Decodable {
    struct Step: Decodable {
      var learningRate: Double
      var gradient, parameter: [Double]
    }
    var beta1, beta2, epsilon, weightDecay: Double
    var start: [Double]
    var steps: [Step]
  }
}
