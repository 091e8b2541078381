import Checkpoints
import DeptTesting
import NeuralNetworks
import TensorEngine
import Testing
import Training
import TuningMethods

/// Keys and values before a decoder's own, as PEFT lays them out.
@Suite struct PrefixInterchangeTests {
  /// A prefix of two rows before some attentions.
  private struct Prefix: TuningMethod {
    static let name = "two-rows"
    static let title = "Two rows"
    static let reference = Citation("none")
    var targets: SiteSelector
    /// Layers that have the values of this many layers before.
    var period = 100
    var defaultLearningRates: LearningRates { LearningRates(1) }

    func adapt(_ backbone: Anatomy, into adaptation: inout Adaptation) {
      for site in backbone.attentions(targets) {
        let key = adaptation.parameter("prefix.key", [2, site.output], .ones, at: site)
        let value = adaptation.parameter("prefix.value", [2, site.output], .ones, at: site)
        adaptation.editMemory(site) { $0.prepending(keys: $1[key], values: $1[value]) }
      }
    }

    func parameters(_ adaptation: Adaptation) -> Parameters {
      var parameters = Parameters()
      for (index, parameter) in adaptation.parameters.enumerated() {
        let first = Float(index / 2 % period * 100 + index % 2 * 50)
        let count = parameter.shape.reduce(1, *)
        parameters[parameter.name] = Tensor(
          (0..<count).map { first + Float($0) }, shape: parameter.shape)
      }
      return parameters
    }
  }

  private static let decoder = SiteSelector.stack(.decoder) && .parts(.attention)

  private func folder(_ method: Prefix, _ model: HuggingFaceModel) throws -> PEFTFolder {
    let adaptation = method.adaptation(of: model.anatomy)
    return try PEFTInterchange(model).folder(
      method, adaptation, method.parameters(adaptation))
  }

  @Test("a decoder alone has its layers' keys and values in turn")
  func decoder() throws {
    let model = try FusedModel.described(layers: 2)
    let folder = try folder(Prefix(targets: Self.decoder), model)
    #expect(
      folder.configuration.kind
        == .prefixTuning(
          PEFTPrompt(tokenCount: 2, width: 4, stackCount: 1, headCount: 2, layerCount: 2)))
    let rows = try folder.values(named: "prompt_embeddings", shape: [2, 16], path: "")
    #expect(Array(rows[0..<8]) == [0, 1, 2, 3, 50, 51, 52, 53])
    #expect(Array(rows[8..<16]) == [100, 101, 102, 103, 150, 151, 152, 153])
    #expect(Array(rows[16..<20]) == [4, 5, 6, 7])
    let back = try PEFTInterchange(model).adapter(folder, path: "")
    #expect(back.method == "prefix")
    #expect(back.parameters.count == 4)
    #expect(
      try back.values(named: "decoder.1.attention/prefix.value", shape: [2, 4], path: "")
        == (0..<8).map { 150 + Float($0) })
  }

  @Test("beside an encoder every second pair is used, twice")
  func pairs() throws {
    let model = try InterchangeCase(.version11).model
    #expect(model.anatomy.layerCount(of: .decoder) == 2)
    let error = #expect(throws: InterchangeError.self) {
      try folder(Prefix(targets: Self.decoder), model)
    }
    #expect(error?.description.contains("layers 1 and 0 of this model the same") == true)
    let written = try folder(Prefix(targets: Self.decoder, period: 1), model)
    let rows = try written.values(named: "prompt_embeddings", shape: [2, 48], path: "")
    #expect(Array(rows[0..<12]) == (0..<12).map(Float.init))
    #expect(rows[24..<48].allSatisfy { $0 == 0 })
    let back = try PEFTInterchange(model).adapter(written, path: "")
    let first = try back.values(named: "decoder.0.attention/prefix.key", shape: [2, 12], path: "")
    #expect(first == (0..<24).map(Float.init))
    #expect(
      first
        == (try back.values(named: "decoder.1.attention/prefix.key", shape: [2, 12], path: "")))
  }

  @Test("prefixes where PEFT has none, and other layers, are refused")
  func refusals() throws {
    let model = try InterchangeCase(.version10).model
    for targets in [
      SiteSelector.parts(.attention), .stack(.decoder), .stack(.encoder) && .parts(.attention),
    ] {
      let error = #expect(throws: InterchangeError.self) {
        try folder(Prefix(targets: targets), model)
      }
      #expect(error?.description.contains("self-attention of every layer") == true)
    }
    let own = try folder(Prefix(targets: Self.decoder), FusedModel.described(layers: 3))
    let error = #expect(throws: InterchangeError.self) {
      try PEFTInterchange(try FusedModel.described(layers: 2)).adapter(own, path: "the folder")
    }
    #expect(error?.description.contains("1 stacks of 3 layers, where 1 of 2 layers") == true)
  }
}
