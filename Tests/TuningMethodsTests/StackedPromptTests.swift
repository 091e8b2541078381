import Backbones
import DeptTesting
import NeuralNetworks
import TensorEngine
import Testing
import TuningMethods

/// Methods that put rows before a source, stacked with methods that change its tokens.
@Suite struct StackedPromptTests {
  private static let source = Segments(lengths: [3, 5])

  /// The edited input of a method, and the values that edited it.
  private func edited(_ method: any TuningMethod) throws -> (EmbeddedInput, Parameters, String) {
    let anatomy = try TinyBackbone.version10.loaded().model.anatomy
    let site = try #require(anatomy.sourceInput)
    let adaptation = method.adaptation(of: anatomy)
    var values = Parameters()
    for parameter in adaptation.parameters {
      values[parameter.name] = .normal(
        parameter.shape, deviation: 1, key: RandomKey(seed: 1).folding(parameter.name))
    }
    let input = EmbeddedInput(
      embeddings: .normal([8, site.output], deviation: 1, key: RandomKey(seed: 2)),
      segments: Self.source)
    let forward = Forward(adaptation, values).over(RowLayout(segments: Self.source))
    return (forward.input(site, input), values, "\(site.path)")
  }

  @Test("DePT's table belongs to tokens, whoever has put a prompt before them, and in any order")
  func table() throws {
    let dept = DePT(promptLength: 0, rank: 2, sourceLength: 5)
    let prompt = PromptTuning(length: 4)
    let (before, values, site) = try edited(Stacked(prompt, dept))
    let (after, _, _) = try edited(Stacked(dept, prompt))
    let (alone, _, _) = try edited(dept)
    #expect(before.embeddings.bits == after.embeddings.bits)
    // Four rows of the prompt before each sequence, the tokens as with DePT alone.
    #expect(before.segments == Self.source.extended(by: 4))
    let firsts = [0, 7]
    for (sequence, first) in firsts.enumerated() {
      let count = Int(Self.source.lengths[sequence])
      let rows = before.embeddings.rows(first..<first + 4)
      #expect(rows.bits == values["\(site)/prompt"].bits)
      let own = before.embeddings.rows(first + 4..<first + 4 + count)
      #expect(own.bits == alone.embeddings.rows(Self.source.range(sequence)).bits)
    }
  }

  @Test("ADePT's offsets belong to tokens too")
  func offsets() throws {
    let adept = ADePT(promptLength: 0, rank: 2)
    let (before, _, _) = try edited(Stacked(PromptTuning(length: 2), adept))
    let (alone, _, _) = try edited(adept)
    #expect(before.embeddings.rows(2..<5).bits == alone.embeddings.rows(0..<3).bits)
  }
}
