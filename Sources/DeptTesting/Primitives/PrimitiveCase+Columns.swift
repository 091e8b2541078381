import TensorEngine

extension PrimitiveCase {
  /// Matrices transposed, cut into columns and put together.
  static let columns: [PrimitiveCase] =
    [([3, 5], 1..<4), ([3, 5], 0..<5), ([3, 5], 2..<2), ([3, 5], 0..<1), ([0, 4], 1..<3)].map {
      columns($0, $1)
    } + [columns([90, 210], 33..<170).sampling(5)]
    + [[2, 5], [1, 1], [0, 3], [7, 1], [33, 40]].map { transposed($0) }
    + [transposed([150, 330]).sampling(5)]
    + [[2, 1, 3], [4], [0, 2], [90, 40, 7]].flatMap { sizes in
      [joiningColumns(5, sizes).sampling(20), joiningRows(sizes, 5).sampling(20)]
    } + [joiningColumns(0, [2, 1])]

  private static func columns(_ shape: Shape, _ range: Range<Int>) -> PrimitiveCase {
    PrimitiveCase(
      "columns \(range) of \(shape)", [.normal(shape, 1)], computed: { $0[0].columns(range) },
      expected: { $0[0].columns(range) })
  }

  private static func transposed(_ shape: Shape) -> PrimitiveCase {
    PrimitiveCase(
      "transposed \(shape)", [.normal(shape, 1)], computed: { $0[0].transposed() },
      expected: { $0[0].transposed() })
  }

  private static func joiningColumns(_ rows: Int, _ widths: [Int]) -> PrimitiveCase {
    PrimitiveCase(
      "joining \(widths) columns of \(rows) rows",
      widths.enumerated().map { .normal([rows, $1], $0) },
      computed: { $0[0].joiningColumns(Array($0.dropFirst())) },
      expected: { $0.dropFirst().reduce($0[0]) { $0.beside($1) } })
  }

  private static func joiningRows(_ rows: [Int], _ width: Int) -> PrimitiveCase {
    PrimitiveCase(
      "joining \(rows) rows of \(width)", rows.enumerated().map { .normal([$1, width], $0) },
      computed: { Tensor(joiningRows: $0) },
      expected: { $0.dropFirst().reduce($0[0]) { $0.followed(by: $1) } })
  }
}
