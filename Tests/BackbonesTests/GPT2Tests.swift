import Backbones
import DeptTesting
import NeuralNetworks
import TensorEngine
import Testing

/// What a decoder alone does that an encoder–decoder does not.
@Suite struct GPT2Tests {
  private static let sources = [[4, 9, 2, 7, 1], [5], [8, 3, 3, 11, 6, 2, 10]]
  private static let targets = [[3, 5, 5, 1], [9, 2, 8], [2, 7]]

  private func logits(
    _ sources: [[Int]], _ forward: Forward = .frozen
  ) throws -> Tensor {
    try TinyBackbone.gpt2.model().logits(
      source: PackedTokens(sources), target: PackedTokens(Self.targets), forward)
  }

  @Test("a prompt of word embeddings is those words before the source, at their positions")
  func prompt() throws {
    let model = try TinyBackbone.gpt2.model()
    let table = try #require(model.weights[SitePath(.shared, nil, .embedding)])
    let words = table.gathering([12, 20])
    var adaptation = Adaptation()
    adaptation.editInput(try #require(model.anatomy.sourceInput)) { input, _ in
      input.prepending(words)
    }
    let prompted = try logits(Self.sources, Forward(adaptation, Parameters()))
    let written = try logits(Self.sources.map { [12, 20] + $0 })
    #expect(prompted.bits == written.bits)
    #expect(try prompted.bits != logits(Self.sources).bits)
  }

  @Test("a source and the start of its target are one sequence: where it is cut changes nothing")
  func cut() throws {
    let model = try TinyBackbone.gpt2.model()
    let whole = model.logits(
      source: PackedTokens([[4]]), target: PackedTokens([[9, 2, 7, 3, 5]]), .frozen)
    let late = model.logits(
      source: PackedTokens([[4, 9, 2, 7]]), target: PackedTokens([[3, 5]]), .frozen)
    #expect(zip(late.scalars, whole.rows(3..<5).scalars).allSatisfy { abs($0 - $1) < 1e-5 })
  }

  @Test("keys and values that a method adds are seen by every query, whoever shares its source")
  func prefix() throws {
    let model = try TinyBackbone.gpt2.model()
    var adaptation = Adaptation()
    for (index, site) in model.anatomy.attentions().enumerated() {
      let rows = Tensor.normal([2, site.output], deviation: 1, key: RandomKey(seed: index))
      adaptation.editMemory(site) { memory, _ in memory.prepending(keys: rows, values: 2 * rows) }
    }
    #expect(model.anatomy.attentions().count == 2)
    let forward = Forward(adaptation, Parameters())
    #expect(BackboneLaws.violations(of: model, named: "prefix", forward).isEmpty)
    let (plain, added) = (try logits(Self.sources), try logits(Self.sources, forward))
    for row in 0..<plain.shape[0] {
      #expect(plain.rows(row..<row + 1).bits != added.rows(row..<row + 1).bits)
    }
  }

  @Test(
    "the loss in one pass is that of the logits, trained head or not", arguments: DType.allCases)
  func loss(dtype: DType) throws {
    let model = try TinyBackbone.gpt2.model(storing: dtype)
    let (source, target) = (PackedTokens(Self.sources), PackedTokens(Self.targets))
    var adaptation = Adaptation()
    for site in model.anatomy.weights() where site.path.part == .embedding {
      adaptation.train(site, in: model.anatomy)
    }
    let table = try #require(model.weights[SitePath(.shared, nil, .embedding)])
    var parameters = Parameters()
    parameters["shared.embedding/weight"] = table.widenedToFloat32()
    let expected = model.logits(source: source, target: target, .frozen)
      .crossEntropy(target.ids, normalizer: 7).scalar
    for forward in [.frozen, Forward(adaptation, parameters)] {
      let loss = model.loss(source: source, target: target, normalizer: 7, forward).scalar
      #expect(abs(loss - expected) < 0.02 * abs(expected))
      if dtype == .float32 { #expect(abs(loss - expected) < 1e-4) }
    }
  }

  @Test("a session over many parts begins as every source alone")
  func parts() throws {
    let model = try TinyBackbone.gpt2.model()
    let sources = (0..<24).map { row in (0..<(40 + 5 * row)).map { 3 + ($0 * 7 + row) % 20 } }
    var together = model.decoding(PackedTokens(sources), queryCount: 2, .frozen)
    _ = together.advance(nil, parents: [])
    let tokens = sources.indices.map { Int32(2 + $0) }
    let next = together.advance(tokens, parents: sources.indices.map(Int32.init))
    for (row, source) in sources.enumerated() {
      let alone = model.logits(
        source: PackedTokens([source]), target: PackedTokens([[2 + row, 0]]), .frozen)
      let pairs = zip(next.rows(row..<row + 1).scalars, alone.rows(1..<2).scalars)
      #expect(pairs.allSatisfy { abs($0 - $1) < 1e-4 }, "source \(row)")
    }
  }
}
