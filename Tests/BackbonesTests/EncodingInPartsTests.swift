import DeptTesting
import NeuralNetworks
import TensorEngine
import Testing

@testable import Backbones

@Suite struct EncodingInPartsTests {
  static let lengths = [700, 300, 30, 1200, 1, 1100]

  @Test("parts are the sequences in order, as many as fit and at least one")
  func parts() {
    let whole = PackedTokens(Self.lengths.map { Array(0..<$0) })
    let parts = whole.parts(of: 1024)
    #expect(parts.map { $0.segments.lengths } == [[700, 300], [30], [1200], [1], [1100]])
    #expect(parts.flatMap(\.ids) == whole.ids)
    #expect(PackedTokens([]).parts(of: 1024).isEmpty)
  }

  @Test("a source decoded beside thousands of tokens is decoded as alone")
  func decoding() throws {
    let model = try TinyBackbone.allCases[0].model()
    let sources = Self.lengths.map { length in (0..<length).map { 3 + ($0 * 7 + length) % 20 } }
    var together = model.decoding(PackedTokens(sources), queryCount: 2, .frozen)
    let first = together.advance(nil, parents: [])
    for (index, source) in sources.enumerated() {
      var alone = model.decoding(PackedTokens([source]), queryCount: 2, .frozen)
      let expected = alone.advance(nil, parents: []).scalars
      let found = first.scalars[index * first.width..<(index + 1) * first.width]
      let off = zip(found, expected).map { abs($0 - $1) }.max() ?? .infinity
      #expect(off < 1e-4 * (expected.map(abs).max() ?? 1), "source \(index) is off by \(off)")
    }
  }
}
