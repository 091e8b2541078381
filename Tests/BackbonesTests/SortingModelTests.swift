import Backbones
import Foundation
import NeuralNetworks
import Synchronization
import TensorEngine
import Testing

@Suite(.enabled(if: SortingModel.folder != nil, Comment(rawValue: SharedFolder.reason)))
struct SortingModelTests {
  private let trained: SortingModel

  init() throws { trained = try SortingModel(folder: #require(SortingModel.folder)) }

  /// What entered and left the calls of a pass, by path.
  private final class Recording: Sendable {
    private let calls = Mutex<[String: (entered: Tensor, left: Tensor)]>([:])

    /// An adaptation that changes nothing and writes everything down.
    func adaptation(of anatomy: Anatomy) -> Adaptation {
      var adaptation = Adaptation()
      for site in anatomy.calls() {
        adaptation.around(site) { x, _, proceed in
          let y = proceed(x)
          self.calls.withLock { $0[site.path.description] = (x, y) }
          return y
        }
      }
      for site in anatomy.inputs() {
        adaptation.editInput(site) { input, _ in
          self.calls.withLock {
            $0[site.path.description] = (input.embeddings, input.embeddings)
          }
          return input
        }
      }
      return adaptation
    }

    func entered(_ path: String) throws -> Tensor {
      try #require(calls.withLock { $0[path]?.entered })
    }
    func left(_ path: String) throws -> Tensor {
      try #require(calls.withLock { $0[path]?.left })
    }
  }

  @Test("every activation that a site shows is minGPT's, read as sources and as targets")
  func activations() throws {
    let ids = try #require(trained.activations["idx"])
    let sequences = (0..<ids.shape[0]).map { row in
      (0..<ids.shape[1]).map { Int(ids.scalars[row * ids.shape[1] + $0]) }
    }
    // Read as sources to their last token, and as targets from their first.
    let asSource = Recording()
    _ = trained.model.logits(
      source: PackedTokens(sequences), target: PackedTokens(sequences.map { _ in [0] }),
      Forward(asSource.adaptation(of: trained.model.anatomy), Parameters()))
    let asTarget = Recording()
    _ = trained.model.logits(
      source: PackedTokens(sequences.map { [$0[0]] }),
      target: PackedTokens(sequences.map { $0.dropFirst() + [0] }),
      Forward(asTarget.adaptation(of: trained.model.anatomy), Parameters()))
    try compare(asSource.left("decoder.input"), "tok_emb")
    try compare(#require(trained.model.weights[SitePath(.decoder, nil, .position)]), "pos_emb")
    for recording in [asSource, asTarget] {
      try compare(recording.entered("decoder.0.attention-norm"), "x")
      try compare(recording.left("decoder.0.attention-norm"), "ln1")
      try compare(headed(recording.left("decoder.0.query")), "q")
      try compare(headed(recording.left("decoder.0.key")), "k")
      try compare(headed(recording.left("decoder.0.value")), "v")
      try compare(recording.entered("decoder.0.output"), "y")
      try compare(recording.left("decoder.0.output"), "yProj")
      try compare(recording.left("decoder.0.attention"), "yProj")
      try compare(recording.entered("decoder.0.feed-forward-norm"), "attnResid")
      try compare(recording.left("decoder.0.feed-forward-norm"), "ln2")
      try compare(recording.left("decoder.0.up"), "fc")
      try compare(recording.entered("decoder.0.down"), "gelu")
      try compare(recording.left("decoder.0.down"), "mlp")
      try compare(recording.left("decoder.0.feed-forward"), "mlp")
      try compare(recording.left("decoder.0.block"), "mlpResid")
      for layer in 0..<3 {
        try compare(recording.left("decoder.\(layer).block"), "block\(layer)")
      }
    }
    try compare(asTarget.left("decoder.final-norm"), "ln_f")
    try compare(asTarget.left("decoder.head"), "lm_head")
    let logits = try asTarget.left("decoder.head")
    let sums = logits.logSumExp().scalars
    let probabilities = logits.scalars.enumerated().map { exp($1 - sums[$0 / 3]) }
    try compare(Tensor(probabilities, shape: logits.shape), "probs")
  }

  @Test("it sorts, six digits read and six written")
  func sorting() {
    let key = RandomKey(seed: 1)
    let sources = (0..<300).map { row in
      (0..<6).map { Int(key.bits(row * 6 + $0) % 3) }
    }
    var session = trained.model.decoding(PackedTokens(sources), queryCount: 6, .frozen)
    let rows = sources.indices.map(Int32.init)
    var written = sources.map { _ in [Int]() }
    var next: [Int32]?
    for _ in 0..<6 {
      let logits = session.advance(next, parents: rows).scalars
      let best = sources.indices.map { row in
        (0..<3).max { logits[row * 3 + $0] < logits[row * 3 + $1] } ?? 0
      }
      for row in sources.indices { written[row].append(best[row]) }
      next = best.map(Int32.init)
    }
    let wrong = sources.indices.filter { written[$0] != sources[$0].sorted() }
    #expect(wrong.isEmpty, "\(wrong.prefix(3).map { (sources[$0], written[$0]) })")
  }

  private func compare(_ found: Tensor, _ name: String) throws {
    let expected = try #require(trained.activations[name])
    #expect(found.scalarCount == expected.scalarCount, "\(name)")
    let error = zip(found.scalars, expected.scalars).reduce(0) { max($0, abs($1.0 - $1.1)) }
    #expect(error < 1e-4, "\(name) is off by \(error)")
  }

  /// `[3 sequences · 11, heads · 16]` → `[sequence, head, row, column]`, as minGPT lays heads out.
  private func headed(_ x: Tensor) -> Tensor {
    let (heads, rows) = (3, 11)
    let width = x.shape[1] / heads
    let scalars = x.scalars
    let moved = (0..<x.shape[0] / rows).flatMap { sequence in
      (0..<heads).flatMap { head in
        (0..<rows).flatMap { row in
          let start = (sequence * rows + row) * x.shape[1] + head * width
          return scalars[start..<start + width]
        }
      }
    }
    return Tensor(moved, shape: x.shape)
  }
}
