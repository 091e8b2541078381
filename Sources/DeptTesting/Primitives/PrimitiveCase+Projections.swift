import TensorEngine

extension PrimitiveCase {
  /// Products with a constant weight and what is fused into them: of few rows and of many, of
  /// widths that fill no tile, on one thread and on several.
  static let projections: [PrimitiveCase] =
    [1, 13, 50, 100].flatMap { rows in
      [(1, 31), (31, 1), (45, 31), (33, 45), (45, 33)].flatMap { fused(rows, $0.0, $0.1) }
    } + fused(100, 96, 80) + fused(13, 200, 210) + fused(50, 33, 1100) + fused(0, 3, 4)
    + fused(5, 3, 0) + heads + networks

  private static func fused(_ rows: Int, _ output: Int, _ input: Int) -> [PrimitiveCase] {
    [Float(0), 0.3].flatMap { dropout in
      [
        addedProjection(rows, output, input, dropout),
        rectifiedProjection(rows, output, input, dropout),
      ].map {
        var item = $0.sampling(4)
        // The library adds up in an order of its own where its operands are cut.
        item.isThreadInvariantByLibrary = 2 * rows * output * input < 1_000_000
        return item
      }
    }
  }

  private static func addedProjection(
    _ rows: Int, _ output: Int, _ input: Int, _ dropout: Float
  ) -> PrimitiveCase {
    let weight = weight(output, input)
    let (tensor, key) = (weight.tensor, RandomKey(seed: 21).folding("mask"))
    return PrimitiveCase(
      "adding the projection of [\(rows), \(input)] to \(output), dropout \(dropout)",
      [.normal([rows, output], 22), .normal([rows, input], 23)],
      computed: { $0[0].adding(projectionOf: $0[1], by: tensor, dropout: dropout, key: key) },
      expected: {
        let product = $0[1].matmul(weight, transposingRHS: true)
        return $0[0].combined(product.dropped(dropout, key: key), +)
      })
  }

  private static func rectifiedProjection(
    _ rows: Int, _ output: Int, _ input: Int, _ dropout: Float
  ) -> PrimitiveCase {
    let weight = weight(output, input)
    let (tensor, key) = (weight.tensor, RandomKey(seed: 24).folding("mask"))
    return PrimitiveCase(
      "rectified projection of [\(rows), \(input)] to \(output), dropout \(dropout)",
      [.normal([rows, input], 25)],
      computed: { $0[0].rectifiedProjection(by: tensor, dropout: dropout, key: key) },
      expected: {
        $0[0].matmul(weight, transposingRHS: true).map { max($0, 0) }.dropped(dropout, key: key)
      })
  }

  private static let networks: [PrimitiveCase] =
    [(1, 5, 7), (13, 40, 33), (50, 31, 70), (100, 64, 96), (0, 3, 4)].flatMap {
      rows, width, hidden in [Float(0), 0.3].map { feedForward(rows, width, hidden, $0) }
    }

  private static func feedForward(
    _ rows: Int, _ width: Int, _ hidden: Int, _ dropout: Float
  ) -> PrimitiveCase {
    let (up, down) = (weight(hidden, width), weight(width, hidden))
    let (upTensor, downTensor, key) = (up.tensor, down.tensor, RandomKey(seed: 29))
    let (inside, outside) = (key.folding("hidden"), key.folding("output"))
    var item = PrimitiveCase(
      "adding a rectified network of [\(rows), \(width)] over \(hidden), dropout \(dropout)",
      [.normal([rows, width], 30), .normal([rows, width], 31)],
      computed: {
        $0[0].addingRectifiedFeedForward(
          of: $0[1], up: upTensor, down: downTensor, dropout: dropout, hiddenKey: inside,
          outputKey: outside)
      },
      expected: {
        let active = $0[1].matmul(up, transposingRHS: true).map { max($0, 0) }
        let output = active.dropped(dropout, key: inside).matmul(down, transposingRHS: true)
        return $0[0].combined(output.dropped(dropout, key: outside), +)
      }
    ).sampling(4)
    item.isThreadInvariantByLibrary = 2 * rows * width * hidden < 1_000_000
    return item
  }

  static func weight(_ output: Int, _ input: Int) -> ReferenceArray {
    .normal([output, input], 26, deviation: 1 / Float(max(1, input)).squareRoot())
  }

  private static let heads: [PrimitiveCase] =
    [
      (1, 1, 1, 1), (3, 2, 5, 7), (1, 2, 6, 16), (13, 4, 20, 45), (50, 3, 33, 40),
      (100, 2, 64, 96), (0, 2, 3, 4),
    ].flatMap { rows, heads, headWidth, width in
      let weight = weight(heads * headWidth, width)
      let tensor = weight.tensor
      return [
        PrimitiveCase(
          "expanding \(heads) heads of \(headWidth) in [\(rows)] to \(width)",
          [.normal([rows, heads * headWidth], 27)],
          computed: { $0[0].expandingHeads(heads, by: tensor) },
          expected: { $0[0].expandingHeads(heads, by: weight) }),
        PrimitiveCase(
          "collapsing \(heads) heads of \(headWidth) in [\(rows)] from \(width)",
          [.normal([rows * heads, width], 28)],
          computed: { $0[0].collapsingHeads(heads, by: tensor) },
          expected: { $0[0].collapsingHeads(heads, by: weight) }),
      ].map { item in
        var item = item.sampling(4)
        item.isThreadInvariantByLibrary = 2 * rows * headWidth * width < 1_000_000
        return item
      }
    }
}
