/// The extents of a tensor's axes, outermost first: `[tokens, width]`.
public typealias Shape = [Int]

/// An immutable array of numbers in row-major order.
///
/// A value: copying is O(1), and nothing done to one tensor is visible through another. A tensor
/// remembers how it was computed only where a parameter is being differentiated; constants (inputs,
/// frozen weights) cost the tape nothing.
public struct Tensor: Sendable {
  public let shape: Shape
  public let dtype: DType
  package let storage: Storage?
  /// Where the gradient goes, or `nil` for a constant.
  package let node: Node?

  package init(
    shape: Shape, storage: Storage?, node: Node? = nil, dtype: DType = .float32
  ) {
    self.shape = shape
    self.storage = storage
    self.node = node
    self.dtype = dtype
  }

  /// The number of elements.
  public var scalarCount: Int { shape.reduce(1, *) }
  /// Whether no gradient can flow into this tensor.
  public var isConstant: Bool { node == nil }
  /// The same values without their history.
  public var detached: Tensor { Tensor(shape: shape, storage: storage, dtype: dtype) }

  /// The elements, copied, in row-major order.
  public var scalars: [Float] {
    Array(UnsafeBufferPointer(start: pointer, count: scalarCount))
  }

  /// The only element.
  ///
  /// - Precondition: the tensor has exactly one element.
  public var scalar: Float {
    precondition(scalarCount == 1, "a tensor of shape \(shape) is not a scalar")
    return pointer[0]
  }

  /// Where the elements lie; valid while the tensor lives.
  package var pointer: UnsafePointer<Float> {
    guard let storage else {
      preconditionFailure("the weights of this backbone were described, not loaded")
    }
    precondition(dtype == .float32, "a bfloat16 tensor is read as float32")
    return UnsafePointer(storage.pointer)
  }

  /// Calls `body` with the elements in place.
  public func withUnsafeScalars<Value>(
    _ body: (UnsafeBufferPointer<Float>) throws -> Value
  ) rethrows -> Value {
    try body(UnsafeBufferPointer(start: pointer, count: scalarCount))
  }
}

extension Tensor {
  /// The rows of a matrix: all axes but the last.
  package var rows: Int { shape.dropLast().reduce(1, *) }
  /// The extent of the last axis; 1 for a scalar.
  package var width: Int { shape.last ?? 1 }

  /// The same elements under another shape, O(1).
  ///
  /// - Precondition: both shapes hold the same number of elements.
  public func reshaped(_ shape: Shape) -> Tensor {
    precondition(
      shape.reduce(1, *) == scalarCount, "reshaped: \(self.shape) does not fit \(shape)")
    return Reshape(target: shape)(self)
  }
}
