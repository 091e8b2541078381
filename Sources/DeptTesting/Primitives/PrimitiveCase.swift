public import TensorEngine

/// One primitive in one configuration, beside a reference in double precision.
public struct PrimitiveCase: Sendable, CustomStringConvertible {
  public let name: String
  public let operands: [ReferenceArray]
  /// What the engine makes of the operands.
  public let computed: @Sendable ([Tensor]) -> Tensor
  /// What plain loops make of them.
  public let expected: @Sendable ([ReferenceArray]) -> ReferenceArray
  /// The largest error of a value, as a share of the largest expected magnitude (at least 1).
  public var tolerance = 1e-5
  /// How many elements of an operand are moved to measure its gradient; `nil`: all.
  public var gradientSamples: Int?
  /// Whether the result carries history where an operand does.
  public var isDifferentiable = true
  /// Whether the bits do not depend on how many threads there are.
  public var isThreadInvariant = true
  /// The same where the library multiplies.
  public var isThreadInvariantByLibrary = true

  public init(
    _ name: String, _ operands: [ReferenceArray],
    computed: @escaping @Sendable ([Tensor]) -> Tensor,
    expected: @escaping @Sendable ([ReferenceArray]) -> ReferenceArray
  ) {
    self.name = name
    self.operands = operands
    self.computed = computed
    self.expected = expected
  }

  public var description: String { name }

  /// The case with only some elements moved, for large operands.
  func sampling(_ count: Int) -> PrimitiveCase {
    var copy = self
    copy.gradientSamples = count
    return copy
  }
}
