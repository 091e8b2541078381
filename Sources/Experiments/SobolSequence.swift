/// The points of a Sobol sequence in base 2, in the order of Gray code, 32 bits a coordinate.
///
/// Direction numbers: Joe and Kuo, "Constructing Sobol sequences with better two-dimensional
/// projections", 2008, their table for the property D(6).
public enum SobolSequence {
  /// So many coordinates has a point.
  public static let dimensions = numbers.count + 1

  /// One coordinate of a point in `0..<1`, as its first 32 binary digits; `nil` where there is no
  /// such dimension.
  ///
  /// - Precondition: `0 ≤ index < 2³²` and `dimension ≥ 0`.
  public static func bits(of index: Int, dimension: Int) -> UInt32? {
    guard dimension < dimensions else { return nil }
    let gray = UInt32(index) ^ (UInt32(index) >> 1)
    let directions = directions[dimension]
    return (0..<32).reduce(UInt32(0)) { sum, bit in
      gray >> UInt32(bit) & 1 == 1 ? sum ^ directions[bit] : sum
    }
  }

  /// The direction numbers of every dimension, as binary fractions.
  private static let directions: [[UInt32]] =
    [(0..<32).map { 1 << UInt32(31 - $0) }]
    + numbers.map { polynomial, starts in
      let degree = starts.count
      var directions = starts.enumerated().map { $1 << UInt32(31 - $0) }
      for place in degree..<32 {
        var next = directions[place - degree] ^ (directions[place - degree] >> UInt32(degree))
        for term in 1..<max(1, degree)
        where polynomial >> UInt32(degree - 1 - term) & 1 == 1 {
          next ^= directions[place - term]
        }
        directions.append(next)
      }
      return directions
    }

  /// For every dimension after the first: the inner coefficients of its primitive polynomial, as
  /// bits, and its first direction numbers.
  private static let numbers: [(polynomial: UInt32, starts: [UInt32])] = [
    (0, [1]),
    (1, [1, 3]),
    (1, [1, 3, 1]),
    (2, [1, 1, 1]),
    (1, [1, 1, 3, 3]),
    (4, [1, 3, 5, 13]),
    (2, [1, 1, 5, 5, 17]),
    (4, [1, 1, 5, 5, 5]),
    (7, [1, 1, 7, 11, 19]),
    (11, [1, 1, 5, 1, 1]),
    (13, [1, 1, 1, 3, 11]),
    (14, [1, 3, 5, 5, 31]),
    (1, [1, 3, 3, 9, 7, 49]),
    (13, [1, 1, 1, 15, 21, 21]),
    (16, [1, 3, 1, 13, 27, 49]),
    (19, [1, 1, 1, 15, 7, 5]),
    (22, [1, 3, 1, 15, 13, 25]),
    (25, [1, 1, 5, 5, 19, 61]),
    (1, [1, 3, 7, 11, 23, 15, 103]),
    (4, [1, 3, 7, 13, 13, 15, 69]),
  ]
}
