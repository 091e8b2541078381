import TensorEngine

extension PrimitiveCase {
  /// Rows taken, added and inserted.
  static let rows: [PrimitiveCase] = taken + inserted

  private static let taken: [PrimitiveCase] = [
    gather([6, 4], [5, 0, 0, 3]), gather([6, 4], []), gather([1, 1], [0, 0, 0]),
    gather([97, 80], (0..<700).map { Int32($0 * 31 % 97) }).sampling(4),
    addGathered([3, 4], [1, 0, 1, 1, 2]), addGathered([2, 5], []),
    addGathered([40, 130], (0..<300).map { Int32($0 % 40) }).sampling(4),
    slice([5, 3], 1..<4), slice([5, 3], 0..<5), slice([5, 3], 2..<2), slice([5, 3], 0..<1),
    slice([5, 3], 4..<5),
  ]

  private static func gather(_ table: Shape, _ indices: [Int32]) -> PrimitiveCase {
    PrimitiveCase(
      "gathering \(indices.count) of \(table)", [.normal(table, 1)],
      computed: { $0[0].gathering(indices) },
      expected: { $0[0].gathering(indices.map(Int.init)) })
  }

  private static func addGathered(_ table: Shape, _ indices: [Int32]) -> PrimitiveCase {
    PrimitiveCase(
      "adding \(indices.count) rows of \(table)",
      [.normal([indices.count, table[1]], 1), .normal(table, 2)],
      computed: { $0[0].adding(rowsOf: $0[1], at: indices) },
      expected: { $0[0].combined($0[1].gathering(indices.map(Int.init)), +) })
  }

  private static func slice(_ shape: Shape, _ range: Range<Int>) -> PrimitiveCase {
    PrimitiveCase(
      "rows \(range) of \(shape)", [.normal(shape, 1)], computed: { $0[0].rows(range) },
      expected: { $0[0].gathering(Array(range)) })
  }

  private static let inserted: [PrimitiveCase] =
    [([3, 1, 4], 2), ([5], 3), ([0, 3, 0], 2), ([2, 2], 0), ([0], 1)].flatMap {
      [prepending($0, $1), appending($0, $1)]
    } + [prepending([40, 70, 30], 20).sampling(4)]

  private static func prepending(_ lengths: [Int], _ extra: Int) -> PrimitiveCase {
    let segments = Segments(lengths: lengths)
    return PrimitiveCase(
      "\(extra) shared rows before each of \(lengths)",
      [.normal([segments.rows, 5], 1), .normal([extra, 5], 2)],
      computed: { $0[0].prepending($0[1], toEach: segments) },
      expected: { operands in
        (0..<segments.count).reduce(ReferenceArray(zeros: [0, 5])) { packed, sequence in
          packed.followed(by: operands[1])
            .followed(by: operands[0].gathering(Array(segments.range(sequence))))
        }
      })
  }

  private static func appending(_ lengths: [Int], _ extra: Int) -> PrimitiveCase {
    let segments = Segments(lengths: lengths)
    return PrimitiveCase(
      "\(extra) own rows after each of \(lengths)",
      [.normal([segments.rows, 4], 1), .normal([extra * lengths.count, 4], 2)],
      computed: { $0[0].appending($0[1], toEach: segments) },
      expected: { operands in
        (0..<segments.count).reduce(ReferenceArray(zeros: [0, 4])) { packed, sequence in
          packed.followed(by: operands[0].gathering(Array(segments.range(sequence))))
            .followed(
              by: operands[1].gathering(Array(sequence * extra..<(sequence + 1) * extra)))
        }
      })
  }
}
