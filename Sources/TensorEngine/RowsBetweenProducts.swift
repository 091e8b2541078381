import Kernels

/// What one product makes and another reads, `[rows, width]`, inside of one primitive.
///
/// Beside bfloat16 weights an operand is rounded anyway. Where the processor multiplies such
/// numbers itself they are kept rounded, in half the memory; elsewhere as float32.
struct RowsBetweenProducts: Sendable {
  let count: Int
  let isRounded: Bool
  private let storage: Storage

  /// Whether rows are kept rounded that a product makes whose inner extent is `depth`, beside
  /// weights of the type of `weight`.
  static func areRounded(beside weight: Tensor, depth: Int) -> Bool {
    weight.dtype == .bfloat16 && depth <= Int(DEPT_DEEPEST_ROUNDED) && dept_keeps_bfloat16()
  }

  init(_ rows: Int, _ width: Int, isRounded: Bool) {
    count = rows
    self.isRounded = isRounded
    storage = Storage(count: isRounded ? (rows * width + 1) / 2 : rows * width)
  }

  var element: dept_element { isRounded ? DEPT_BFLOAT16 : DEPT_FLOAT32 }
  var pointer: UnsafeMutableRawPointer { UnsafeMutableRawPointer(storage.pointer) }
}

extension dept_product {
  /// `x Wᵀ` for a weight `[output, input]`; the destination is still to be set.
  private init(projecting weight: Tensor, rows: Int) {
    self.init()
    transpose_b = true
    (m, n, k) = (rows, weight.shape[0], weight.shape[1])
    (b, b_element, b_exponent) = weight.operand
    rounding = weight.dtype == .bfloat16
  }

  /// `gradient W` for a weight `[output, input]`: the gradient of `x` in `x Wᵀ`; the destination is
  /// still to be set.
  private init(pulling weight: Tensor, rows: Int) {
    self.init()
    (m, n, k) = (rows, weight.shape[1], weight.shape[0])
    (b, b_element, b_exponent) = weight.operand
    rounding = weight.dtype == .bfloat16
  }

  /// `x Wᵀ` for a weight `[output, input]`.
  init(projecting x: Tensor, by weight: Tensor, into c: UnsafeMutablePointer<Float>) {
    self.init(projecting: weight, rows: x.shape[0])
    a = x.pointer
    self.c = c
  }

  init(projecting x: Tensor, by weight: Tensor, into rows: RowsBetweenProducts) {
    self.init(projecting: weight, rows: x.shape[0])
    a = x.pointer
    write(into: rows)
  }

  init(projecting x: RowsBetweenProducts, by weight: Tensor, into c: UnsafeMutablePointer<Float>) {
    self.init(projecting: weight, rows: x.count)
    read(x)
    self.c = c
  }

  /// `gradient W` for a weight `[output, input]`: the gradient of `x` in `x Wᵀ`.
  init(pulling gradient: Tensor, by weight: Tensor, into c: UnsafeMutablePointer<Float>) {
    self.init(pulling: weight, rows: gradient.shape[0])
    a = gradient.pointer
    self.c = c
  }

  init(pulling gradient: Tensor, by weight: Tensor, into rows: RowsBetweenProducts) {
    self.init(pulling: weight, rows: gradient.shape[0])
    a = gradient.pointer
    write(into: rows)
  }

  init(
    pulling gradient: RowsBetweenProducts, by weight: Tensor, into c: UnsafeMutablePointer<Float>
  ) {
    self.init(pulling: weight, rows: gradient.count)
    read(gradient)
    self.c = c
  }

  /// A result is multiplied by dropout's mask before the residual is added.
  mutating func add(to residual: Tensor, dropping dropout: Float, _ key: RandomKey) {
    epilogue = DEPT_RESIDUAL
    self.residual = residual.pointer
    (self.dropout, self.key) = (dropout, key.value)
  }

  /// Its left operand is the gradient of what dropout made.
  mutating func pull(through dropout: Float, _ key: RandomKey) {
    guard dropout > 0 else { return }
    edit = DEPT_EDIT_DROPOUT
    (edit_dropout, edit_key) = (dropout, key.value)
  }

  private mutating func read(_ rows: RowsBetweenProducts) {
    if rows.isRounded {
      a_halves = UnsafePointer(rows.pointer.assumingMemoryBound(to: UInt16.self))
    } else {
      a = UnsafePointer(rows.pointer.assumingMemoryBound(to: Float.self))
    }
  }

  private mutating func write(into rows: RowsBetweenProducts) {
    if rows.isRounded {
      c_halves = rows.pointer.assumingMemoryBound(to: UInt16.self)
    } else {
      c = rows.pointer.assumingMemoryBound(to: Float.self)
    }
  }
}
