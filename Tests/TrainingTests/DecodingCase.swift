import Backbones
import DeptTesting
import NeuralNetworks
import TensorEngine
import Testing
import Training
import TuningMethods

/// A tiny model, bare or tuned by a method that puts rows before its sources, and sources for it.
struct DecodingCase: Sendable, CustomTestStringConvertible {
  var tiny: TinyBackbone
  var isTuned: Bool

  static let all = TinyBackbone.allCases.flatMap { tiny in
    [false, true].map { DecodingCase(tiny: tiny, isTuned: $0) }
  }

  var testDescription: String { "\(tiny.rawValue), \(isTuned ? "DePT" : "bare")" }

  /// Whether sources are read by a stack of their own.
  var hasEncoder: Bool { TinyBackbone.encoderDecoders.contains(tiny) }

  /// The rows that the method puts before every source.
  var promptLength: Int { isTuned ? 3 : 0 }

  func model() throws -> TunedModel {
    let backbone = try tiny.loaded(seed: 4)
    let anatomy = backbone.model.anatomy
    let method = DePT(promptLength: promptLength, rank: 2, sourceLength: 24)
    var adaptation = isTuned ? method.adaptation(of: anatomy) : Adaptation()
    // Random models write the same to every source, and hardly ever end: the source counts more,
    // and so do the end token's logits.
    let end = backbone.model.endToken
    let scale = Tensor(
      (0..<anatomy.vocabularySize).map { $0 == end ? 3 : 1 }, shape: [anatomy.vocabularySize])
    for head in anatomy.calls(.parts(.head)) {
      adaptation.around(head) { x, _, proceed in proceed(x) * scale }
    }
    for reading in anatomy.calls(.parts(.crossAttention)) {
      adaptation.around(reading) { x, _, proceed in 8 * proceed(x) }
    }
    return TunedModel(
      backbone: backbone, adaptation: adaptation,
      parameters: backbone.initialParameters(adaptation, seed: 7))
  }

  /// Thirty sources of 1...20 ids, in no order of length.
  static let sources = (0..<30).map { index in
    let key = RandomKey(seed: index).folding("source")
    return (0..<Int(20 * key.unit(0))).map { 2 + Int(27 * key.unit(1 + $0)) } + [1]
  }
}
