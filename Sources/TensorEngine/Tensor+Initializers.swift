extension Tensor {
  /// A tensor of the given elements in row-major order.
  ///
  /// - Precondition: `scalars` fills `shape`.
  public init(_ scalars: [Float], shape: Shape) {
    precondition(
      scalars.count == shape.reduce(1, *), "\(scalars.count) scalars do not fill \(shape)")
    self = Tensor.filled(shape) { buffer in
      for (index, value) in scalars.enumerated() { buffer[index] = value }
    }
  }

  /// A tensor with one element and no axes.
  public init(_ scalar: Float) { self.init([scalar], shape: []) }

  /// A tensor of one value everywhere.
  public static func repeating(_ value: Float, shape: Shape) -> Tensor {
    filled(shape) { $0.update(repeating: value, count: shape.reduce(1, *)) }
  }

  /// A tensor of zeros.
  public static func zeros(_ shape: Shape) -> Tensor { repeating(0, shape: shape) }
  /// A tensor of ones.
  public static func ones(_ shape: Shape) -> Tensor { repeating(1, shape: shape) }

  /// A tensor whose shape is known but whose elements are not there: for counting parameters from
  /// a configuration alone. Reading an element traps.
  public static func described(_ shape: Shape) -> Tensor { Tensor(shape: shape, storage: nil) }

  /// A tensor over memory owned by somebody else, a mapped checkpoint for example; O(1).
  ///
  /// - Precondition: the memory is never written while `owner` lives.
  public init(borrowing pointer: UnsafePointer<Float>, shape: Shape, owner: AnyObject) {
    let count = shape.reduce(1, *)
    self.init(shape: shape, storage: Storage(unowned: pointer, count: count, owner: owner))
  }

  /// A tensor whose elements `body` writes, every one of them.
  package static func filled(
    _ shape: Shape, _ body: (UnsafeMutablePointer<Float>) -> Void
  ) -> Tensor {
    let storage = Storage(count: shape.reduce(1, *))
    body(storage.pointer)
    return Tensor(shape: shape, storage: storage)
  }

  /// Changes the elements in place; copies them first where somebody else can see them.
  package mutating func mutate(_ body: (UnsafeMutablePointer<Float>) -> Void) {
    let count = scalarCount
    precondition(storage != nil, "a described tensor cannot be changed")
    var owned = storage
    self = Tensor(shape: shape, storage: nil)
    if !Tensor.isUnique(&owned) {
      let copy = Storage(count: count)
      if let source = owned?.pointer { copy.pointer.update(from: source, count: count) }
      owned = copy
    }
    if let owned { body(owned.pointer) }
    self = Tensor(shape: shape, storage: owned)
  }

  private static func isUnique(_ storage: inout Storage?) -> Bool {
    guard storage?.isWritable == true else { return false }
    return isKnownUniquelyReferenced(&storage)
  }
}
