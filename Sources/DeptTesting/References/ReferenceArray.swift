public import TensorEngine

/// Numbers in double precision, for references written as plain loops.
public struct ReferenceArray: Hashable, Sendable {
  public var shape: Shape
  /// Row-major.
  public var scalars: [Double]

  /// - Precondition: `scalars` fills `shape`.
  public init(_ scalars: [Double], shape: Shape) {
    precondition(scalars.count == shape.reduce(1, *), "\(scalars.count) do not fill \(shape)")
    self.scalars = scalars
    self.shape = shape
  }

  /// The same numbers as a tensor holds.
  public init(_ tensor: Tensor) {
    self.init(tensor.scalars.map(Double.init), shape: tensor.shape)
  }

  /// Zeros.
  public init(zeros shape: Shape) {
    self.init(Array(repeating: 0, count: shape.reduce(1, *)), shape: shape)
  }

  /// Independent normal numbers that float32 holds exactly; `nonzero` keeps them that far from 0.
  public static func normal(
    _ shape: Shape, _ seed: Int, deviation: Float = 1, nonzero: Double = 0
  ) -> ReferenceArray {
    let key = RandomKey(seed: seed).folding("reference")
    var array = ReferenceArray(Tensor.normal(shape, deviation: deviation, key: key))
    for (index, value) in array.scalars.enumerated() where abs(value) < nonzero {
      array.scalars[index] = value < 0 ? -nonzero : nonzero
    }
    return array
  }

  /// The numbers rounded to float32.
  public var tensor: Tensor { Tensor(scalars.map(Float.init), shape: shape) }
  /// All axes but the last.
  public var rows: Int { shape.dropLast().reduce(1, *) }
  /// The last axis; 1 for a scalar.
  public var width: Int { shape.last ?? 1 }

  /// An element of a matrix.
  public subscript(row: Int, column: Int) -> Double {
    get { scalars[row * width + column] }
    set { scalars[row * width + column] = newValue }
  }

  /// The same shape with transformed numbers.
  public func map(_ transform: (Double) -> Double) -> ReferenceArray {
    ReferenceArray(scalars.map(transform), shape: shape)
  }

  /// The sum of the products of all elements.
  public func dot(_ other: ReferenceArray) -> Double {
    var sum = 0.0
    for index in scalars.indices { sum += scalars[index] * other.scalars[index] }
    return sum
  }

  /// The largest magnitude, or 0.
  public var largest: Double { scalars.reduce(0) { max($0, abs($1)) } }
}
