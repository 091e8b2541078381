import NeuralNetworks
import TensorEngine
import Testing

@Suite struct AdaptationTests {
  private let small = SmallAnatomy()
  private let x = Tensor([1, 0, 0, 1], shape: [2, 2])

  @Test("a frozen pass is the layer itself: x Wᵀ")
  func frozen() {
    #expect(small.linear(x, .frozen).scalars == [1, 3, 5, 2, 4, 6])
    #expect(small.linear(x, .frozen).isConstant)
  }

  @Test("later wrappers are outermost, and all see what the inner ones made")
  func around() {
    var adaptation = Adaptation()
    adaptation.around(small.linear.site) { x, _, proceed in proceed(x) + .ones([3]) }
    adaptation.around(small.linear.site) { x, _, proceed in 10 * proceed(2 * x) }
    let y = small.linear(x, Forward(adaptation, Parameters()))
    #expect(y.scalars == [30, 70, 110, 50, 90, 130])
  }

  @Test("a wrapper may call the layer twice, or not at all")
  func proceeding() {
    var twice = Adaptation()
    twice.around(small.linear.site) { x, _, proceed in proceed(x) + proceed(x) }
    #expect(small.linear(x, Forward(twice, Parameters())).scalars == [2, 6, 10, 4, 8, 12])
    var none = Adaptation()
    none.around(small.linear.site) { _, _, _ in .zeros([2, 3]) }
    #expect(small.linear(x, Forward(none, Parameters())).scalars == Array(repeating: 0, count: 6))
  }

  @Test("a reparametrized weight is a function of the frozen one")
  func reparametrize() {
    var adaptation = Adaptation()
    let scale = adaptation.parameter("scale", [2], .ones, at: small.linear.weight.site)
    adaptation.reparametrize(small.linear.weight.site) { $0 * $1[scale] }
    var parameters = Parameters()
    parameters["encoder.0.query/scale"] = Tensor([2, 3], shape: [2])
    let y = small.linear(x, Forward(adaptation, parameters))
    #expect(y.scalars == [2, 6, 10, 6, 12, 18])
  }

  @Test("input edits apply in the order of declaration, per sequence")
  func inputs() {
    var adaptation = Adaptation()
    adaptation.editInput(small.input) { input, _ in
      input.adding(byPosition: Tensor([100, 0, 200, 0], shape: [2, 2]))
    }
    adaptation.editInput(small.input) { input, _ in
      input.prepending(Tensor([7, 7], shape: [1, 2]))
    }
    let packed = EmbeddedInput(
      embeddings: Tensor([1, 1, 2, 2, 3, 3], shape: [3, 2]), segments: Segments(lengths: [2, 1]))
    let edited = Forward(adaptation, Parameters()).input(small.input, packed)
    #expect(edited.embeddings.scalars == [7, 7, 101, 1, 202, 2, 7, 7, 103, 3])
    #expect(edited.segments == Segments(lengths: [3, 2]))
  }

  @Test("a trained weight starts as the frozen one and replaces it")
  func training() {
    var adaptation = Adaptation()
    adaptation.train(small.linear.weight.site, in: small.anatomy)
    let weight = small.linear.weight
    let start = adaptation.initialParameters(
      key: RandomKey(seed: 0), frozen: { _ in weight.value }, tokenIDs: { _ in [] })
    #expect(start.names == ["encoder.0.query/weight"])
    #expect(start["encoder.0.query/weight"].scalars == weight.value.scalars)
    let (_, gradient) = valueWithGradient(at: start) {
      small.linear(x, Forward(adaptation, $0)).sum()
    }
    #expect(gradient["encoder.0.query/weight"].scalars == Array(repeating: 1, count: 6))
  }

  @Test("the same place and pass drop the same elements; others drop others")
  func dropout() {
    let ones = Tensor.ones([64, 8])
    let path = SitePath(.encoder, 0, .attention)
    func mask(_ seed: Int, _ path: SitePath, _ place: String) -> [Float] {
      Forward(Adaptation(), Parameters(), dropout: 0.5, key: RandomKey(seed: seed))
        .dropped(ones, path, place).scalars
    }
    let first = mask(1, path, "output")
    #expect(mask(1, path, "output") == first)
    #expect(mask(2, path, "output") != first)
    #expect(mask(1, SitePath(.encoder, 1, .attention), "output") != first)
    #expect(mask(1, path, "hidden") != first)
    #expect(Forward.frozen.dropped(ones, path, "output").scalars == ones.scalars)
  }
}
