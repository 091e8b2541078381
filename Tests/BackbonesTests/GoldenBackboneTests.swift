import Backbones
import DeptTesting
import NeuralNetworks
import TensorEngine
import Testing

/// The frozen models beside transformers'.
@Suite struct GoldenBackboneTests {
  @Test(
    "encoder states and logits are transformers', alone and packed", arguments: GoldenFolder.models)
  func states(name: String) throws {
    let golden = try GoldenFolder.model(name)
    let expected = try golden.tensors("logits")
    let source = PackedTokens(golden.examples.map(\.source))
    let target = PackedTokens(golden.examples.map(\.target))
    let encoded = golden.model.encode(source, .frozen).embeddings
    let logits = golden.model.logits(source: source, target: target, .frozen)
    for (index, example) in golden.examples.enumerated() {
      let (source, target) = (source.segments.range(index), target.segments.range(index))
      let alone = golden.model.logits(
        source: PackedTokens([example.source]), target: PackedTokens([example.target]), .frozen)
      #expect(distance(encoded.rows(source), expected["encoder.\(index)"]) < 1e-4)
      #expect(distance(logits.rows(target), expected["logits.\(index)"]) < 1e-4)
      #expect(distance(alone, expected["logits.\(index)"]) < 1e-4)
    }
  }

  @Test(
    "a decoding session gives transformers' logits token by token", arguments: GoldenFolder.models)
  func sessions(name: String) throws {
    let golden = try GoldenFolder.model(name)
    let expected = try golden.tensors("logits")
    for (index, example) in golden.examples.enumerated() {
      var session = golden.model.decoding(
        PackedTokens([example.source]), queryCount: 8, .frozen)
      var logits = session.advance(nil, parents: [])
      for (step, token) in example.target.enumerated() {
        #expect(distance(logits, expected["logits.\(index)"].rows(step..<step + 1)) < 1e-4)
        logits = session.advance([Int32(token)], parents: [0])
      }
    }
  }

  /// The largest difference of two tensors of one shape.
  private func distance(_ a: Tensor, _ b: Tensor) -> Float {
    #expect(a.shape == b.shape)
    return zip(a.scalars, b.scalars).reduce(0) { max($0, abs($1.0 - $1.1)) }
  }
}
