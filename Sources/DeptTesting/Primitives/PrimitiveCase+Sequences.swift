import TensorEngine

extension PrimitiveCase {
  /// What each sequence of a packed batch does with rows of its own.
  static let sequences: [PrimitiveCase] =
    [[3, 1, 4], [5], [1, 1]].flatMap { [maximum($0, 5), mean($0, 5)] }
    + [maximum([90, 40, 1], 130), mean([90, 40, 1], 130)].map { $0.sampling(6) }
    + [
      maximumOfRows(4, 3), matmulEach([3, 1, 4], 5, 2), matmulEach([0, 2, 0], 3, 4),
      matmulEach([1, 1], 1, 1), matmulEach([2], 3, 0), matmulEach([40, 9, 70], 64, 24).sampling(6),
      addingEach([3, 0, 2], 4), addingEach([60, 90], 130).sampling(5),
      prependingEach([3, 1, 4], 2),
      prependingEach([0, 2], 1), prependingEach([2, 2], 0),
      prependingEach([40, 70], 20).sampling(5),
      appending([3, 1, 4], [2, 0, 1]), appending([2, 2], [2, 2]), appending([0, 3], [1, 0]),
      appending([0], [0]), appending([40, 70], [30, 9]).sampling(5),
    ]

  private static func maximum(_ lengths: [Int], _ width: Int) -> PrimitiveCase {
    let segments = Segments(lengths: lengths)
    return PrimitiveCase(
      "maximum of \(lengths) rows of \(width)", [.normal([segments.rows, width], 1)],
      computed: { $0[0].maximum(of: segments) },
      expected: {
        $0[0].mapping(segments) { rows, _ in rows.reducingRows { $0.max() ?? .nan } }
      })
  }

  private static func maximumOfRows(_ rows: Int, _ width: Int) -> PrimitiveCase {
    PrimitiveCase(
      "maximum of all of [\(rows), \(width)]", [.normal([rows, width], 1)],
      computed: { $0[0].maximumOfRows() },
      expected: { $0[0].reducingRows { $0.max() ?? .nan } })
  }

  private static func mean(_ lengths: [Int], _ width: Int) -> PrimitiveCase {
    let segments = Segments(lengths: lengths)
    return PrimitiveCase(
      "mean of \(lengths) rows of \(width)", [.normal([segments.rows, width], 1)],
      computed: { $0[0].mean(of: segments) },
      expected: {
        $0[0].mapping(segments) { rows, _ in
          rows.reducingRows { $0.reduce(0, +) / Double($0.count) }
        }
      })
  }

  private static func matmulEach(_ lengths: [Int], _ input: Int, _ output: Int) -> PrimitiveCase {
    let segments = Segments(lengths: lengths)
    var item = PrimitiveCase(
      "\(lengths) rows by a matrix [\(input), \(output)] each",
      [.normal([segments.rows, input], 1), .normal([segments.count, input * output], 2)],
      computed: { $0[0].matmul(each: $0[1], segments) },
      expected: { operands in
        operands[0].mapping(segments) { rows, sequence in
          rows.matmul(
            ReferenceArray(operands[1].gathering([sequence]).scalars, shape: [input, output]))
        }
      })
    // The library adds up in an order of its own where its operands are cut.
    item.isThreadInvariantByLibrary = segments.longest < 64
    return item
  }

  private static func addingEach(_ lengths: [Int], _ width: Int) -> PrimitiveCase {
    let segments = Segments(lengths: lengths)
    return PrimitiveCase(
      "a row of \(width) added to each of \(lengths)",
      [.normal([segments.rows, width], 1), .normal([segments.count, width], 2)],
      computed: { $0[0].adding(each: $0[1], segments) },
      expected: { operands in
        operands[0].mapping(segments) { rows, sequence in
          rows.combined(
            ReferenceArray(operands[1].gathering([sequence]).scalars, shape: [width]), +)
        }
      })
  }

  private static func prependingEach(_ lengths: [Int], _ extra: Int) -> PrimitiveCase {
    let segments = Segments(lengths: lengths)
    return PrimitiveCase(
      "\(extra) own rows before each of \(lengths)",
      [.normal([segments.rows, 4], 1), .normal([extra * lengths.count, 4], 2)],
      computed: { $0[0].prepending(each: $0[1], toEach: segments) },
      expected: { operands in
        operands[0].mapping(segments) { rows, sequence in
          operands[1].gathering(Array(sequence * extra..<(sequence + 1) * extra))
            .followed(by: rows)
        }
      })
  }

  private static func appending(_ own: [Int], _ appended: [Int]) -> PrimitiveCase {
    let (own, appended) = (Segments(lengths: own), Segments(lengths: appended))
    return PrimitiveCase(
      "\(appended.lengths) rows after \(own.lengths)",
      [.normal([own.rows, 4], 1), .normal([appended.rows, 4], 2)],
      computed: { $0[0].appending($0[1], of: appended, toEach: own) },
      expected: { operands in
        operands[0].mapping(own) { rows, sequence in
          rows.followed(by: operands[1].gathering(Array(appended.range(sequence))))
        }
      })
  }
}
