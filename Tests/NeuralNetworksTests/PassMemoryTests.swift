import NeuralNetworks
import Synchronization
import TensorEngine
import Testing

/// What a method asks for once in a pass.
@Suite struct PassMemoryTests {
  private let small = SmallAnatomy()
  private let x = Tensor([1, 0, 0, 1], shape: [2, 2])

  /// How often a call computed what it asks for once, and what it is.
  private final class Count: Sendable {
    let value = Atomic<Int>(0)
  }

  private func adaptation(_ count: Count) -> Adaptation {
    var adaptation = Adaptation()
    let scale = adaptation.parameter("scale", [3], .ones, at: small.linear.site)
    let path = small.linear.site.path
    adaptation.around(small.linear.site) { x, pass, proceed in
      proceed(x)
        * pass.once(path, "outer") {
          2
            * pass.once(path, "inner") {
              count.value.wrappingAdd(1, ordering: .relaxed)
              return pass[scale]
            }
        }
    }
    return adaptation
  }

  @Test("in a pass that remembers it is computed once, in each pass anew, elsewhere always")
  func once() {
    let count = Count()
    let adaptation = adaptation(count)
    let forward = Forward(adaptation, start(adaptation))
    func run(_ forward: Forward, _ expected: Int) {
      for _ in 0..<3 {
        let y = small.linear(x, forward.over(RowLayout(segments: Segments(lengths: [2]))))
        #expect(y.scalars == [2, 6, 10, 4, 8, 12])
      }
      #expect(count.value.load(ordering: .relaxed) == expected)
    }
    run(forward, 3)
    run(forward.remembering(), 4)
    run(forward.remembering(), 5)
    run(forward, 8)
  }

  @Test("gradients of all that read it are added up")
  func gradient() {
    let adaptation = adaptation(Count())
    func gradient(_ prepare: (Forward) -> Forward) -> [Float] {
      valueWithGradient(at: start(adaptation)) { parameters in
        let forward = prepare(Forward(adaptation, parameters))
        return (small.linear(x, forward) + small.linear(2 * x, forward)).sum()
      }.gradient["encoder.0.query/scale"].scalars
    }
    #expect(gradient { $0.remembering() } == gradient { $0 })
  }

  private func start(_ adaptation: Adaptation) -> Parameters {
    adaptation.initialParameters(
      key: RandomKey(seed: 0), frozen: { _ in .zeros([1]) }, tokenIDs: { _ in [] })
  }

  @Test("rows are taken together by the source that they answer")
  func rowsBySource() {
    var adaptation = Adaptation()
    adaptation.around(small.linear.site) { _, pass, _ in
      Tensor(pass.rowsBySource.lengths.map(Float.init), shape: [1, pass.rowsBySource.count])
    }
    let encoded = EmbeddedInput(
      embeddings: .zeros([4, 2]), segments: Segments(lengths: [1, 1, 2]))
    let rows = RowLayout(
      segments: Segments(lengths: [2, 1, 4]), sources: [0, 0, 2], encoded: encoded)
    let forward = Forward(adaptation, Parameters()).over(rows)
    #expect(small.linear(x, forward).scalars == [3, 0, 4])
  }
}
