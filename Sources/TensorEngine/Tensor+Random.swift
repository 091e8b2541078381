#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

extension Tensor {
  /// Independent values, uniform between the bounds.
  public static func uniform(_ shape: Shape, in bounds: ClosedRange<Float>, key: RandomKey)
    -> Tensor
  {
    filled(shape) { buffer in
      let extent = Double(bounds.upperBound - bounds.lowerBound)
      for index in 0..<shape.reduce(1, *) {
        buffer[index] = bounds.lowerBound + Float(extent * key.unit(index))
      }
    }
  }

  /// Independent normal values with mean 0 (Box–Muller).
  public static func normal(_ shape: Shape, deviation: Float, key: RandomKey) -> Tensor {
    filled(shape) { buffer in
      for index in 0..<shape.reduce(1, *) {
        let radius = (-2 * log(1 - key.unit(2 * index))).squareRoot()
        buffer[index] = deviation * Float(radius * cos(2 * Double.pi * key.unit(2 * index + 1)))
      }
    }
  }
}
