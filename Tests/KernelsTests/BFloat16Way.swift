import Kernels
import Testing

/// A way to multiply bfloat16 operands that this processor has.
struct BFloat16Way: Hashable, Sendable, CustomTestStringConvertible {
  let testDescription: String
  let value: dept_bfloat16_way.RawValue

  private init(_ way: dept_bfloat16_way, _ name: String) {
    (value, testDescription) = (way.rawValue, name)
  }

  static let widened = BFloat16Way(DEPT_WIDENED, "widened")

  /// Those with instructions for bfloat16.
  static let native = [
    BFloat16Way(DEPT_PAIRS, "pairs"), BFloat16Way(DEPT_MATRIX_UNIT, "matrix unit"),
  ].filter { dept_vectors() && dept_bfloat16_gain(dept_bfloat16_way($0.value)) > 0 }

  static let all = [widened] + native

  /// What `body` gives while this way multiplies.
  func forced<Result>(_ body: () -> Result) -> Result {
    dept_force_bfloat16(Int32(value))
    defer { dept_force_bfloat16(-1) }
    return body()
  }
}
