/// From the gradient of a primitive's result to the gradients of its operands, `nil` where none
/// is needed. Called at most once.
public typealias Pullback = @Sendable (_ gradient: Tensor) -> [Tensor?]

/// Which operands of a primitive lead to a parameter; work for the others is not done.
public struct Needs: Sendable {
  let flags: [Bool]
  /// Whether the gradient of operand `index` is wanted.
  public subscript(_ index: Int) -> Bool { flags[index] }
  /// Whether any is wanted: if not, nothing needs to be kept for backward.
  public var any: Bool { flags.contains(true) }
}

/// A primitive's value and, where gradients are needed, its pullback.
public struct Evaluation: Sendable {
  public let value: Tensor
  public let pullback: Pullback?

  public init(_ value: Tensor, pullback: Pullback?) {
    self.value = value
    self.pullback = pullback
  }
}

/// A differentiable computation that others cannot express, or that is worth fusing.
///
/// One conforming type per file; everything else is a composite written with tensors. A pullback
/// captures exactly what backward needs; operands arrive without history, so capturing one keeps
/// its memory and nothing else.
public protocol Primitive: Sendable {
  /// The result's shape.
  ///
  /// - Precondition: the operands can be combined; the message names all shapes.
  func shape(of operands: [Shape]) -> Shape

  /// Computes the value and, where `needs.any`, a pullback.
  func evaluate(_ operands: [Tensor], needs: Needs) -> Evaluation
}

extension Primitive {
  /// Applies the primitive, recording it where an operand leads to a parameter.
  public func callAsFunction(_ operands: Tensor...) -> Tensor { apply(operands) }

  /// Applies the primitive to operands in an array.
  public func apply(_ operands: [Tensor]) -> Tensor {
    let shape = shape(of: operands.map(\.shape))
    let needs = Needs(flags: operands.map { $0.node != nil })
    let evaluation = evaluate(operands.map(\.detached), needs: needs)
    precondition(
      evaluation.value.shape == shape,
      "\(Self.self) promised \(shape) and made \(evaluation.value.shape)")
    guard needs.any, let pullback = evaluation.pullback else { return evaluation.value }
    return Tensor(
      shape: shape, storage: evaluation.value.storage,
      node: Node(parents: operands.map(\.node), pullback: pullback))
  }
}
