public import TensorEngine

extension ReferenceArray {
  /// What `body` makes of each sequence's rows, its number beside them, one after the other.
  public func mapping(
    _ segments: Segments, _ body: (ReferenceArray, Int) -> ReferenceArray
  ) -> ReferenceArray {
    let parts = (0..<segments.count).map { body(gathering(Array(segments.range($0))), $0) }
    return parts.dropFirst().reduce(parts[0]) { $0.followed(by: $1) }
  }

  /// One number of each column: `[rows, width]` → `[1, width]`.
  public func reducingRows(_ reduce: ([Double]) -> Double) -> ReferenceArray {
    ReferenceArray(
      (0..<width).map { column in reduce((0..<rows).map { self[$0, column] }) }, shape: [1, width])
  }
}
