import NeuralNetworks
import TensorEngine
import Testing

@Suite struct InitializerTests {
  private let table = Tensor((0..<20).map(Float.init), shape: [10, 2])
  private let path = SitePath(.shared, nil, .embedding)

  private func value(_ initializer: Initializer, _ shape: Shape, seed: Int = 0) -> Tensor {
    let table = table
    return initializer(
      shape,
      Initializer.Context(
        key: RandomKey(seed: seed), frozen: { _ in table },
        tokenIDs: { $0.utf8.map { Int($0) - 97 } + [1] }))
  }

  @Test("zeros, ones, bounds and deviations are as stated")
  func simple() {
    #expect(value(.zeros, [2, 2]).scalars == [0, 0, 0, 0])
    #expect(value(.ones, [3]).scalars == [1, 1, 1])
    let uniform = value(.kaimingUniform(fanIn: 16), [50, 20]).scalars
    #expect(uniform.allSatisfy { abs($0) <= 0.25 })
    #expect((uniform.max() ?? 0) > 0.24 && (uniform.min() ?? 0) < -0.24)
    let normal = value(.normal(2), [50, 40]).scalars
    let variance = normal.reduce(0) { $0 + $1 * $1 } / 2000
    #expect(abs(variance - 4) < 0.7)
  }

  @Test("a text's embeddings are repeated cyclically, the end token included")
  func text() {
    let rows = value(.embeddings(of: "cd", table: path), [5, 2])
    #expect(rows.scalars == [4, 5, 6, 7, 2, 3, 4, 5, 6, 7])
  }

  @Test("sampled rows are of the vocabulary, special ids left out, none twice while they last")
  func sampled() {
    let rows = value(.sampledVocabulary(5000, table: path), [7, 2]).scalars
    let firsts = stride(from: 0, to: 14, by: 2).map { rows[$0] }
    #expect(Set(firsts).count == 7)
    #expect(firsts.allSatisfy { $0 >= 6 && $0 <= 18 })
    let limited = value(.sampledVocabulary(5, table: path), [4, 2]).scalars
    #expect(Set(stride(from: 0, to: 8, by: 2).map { limited[$0] }) == [6, 8])
    let other = value(.sampledVocabulary(5000, table: path), [7, 2], seed: 1).scalars
    #expect(other != rows)
  }

  @Test("a frozen start is the tensor itself")
  func frozen() {
    #expect(value(.frozen(path), [10, 2]).scalars == table.scalars)
  }
}
