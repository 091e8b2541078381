import Kernels

extension Tensor {
  /// The same values as bfloat16, rounded to the nearest, ties to even; without history.
  public func roundedToBFloat16() -> Tensor {
    if dtype == .bfloat16 { return self }
    guard storage != nil else { return Tensor(shape: shape, storage: nil, dtype: .bfloat16) }
    let count = scalarCount
    let halves = Storage(count: (count + 1) / 2)
    halves.withHalves {
      dept_round_bfloat16(count, pointer, $0)
      halves.largestExponent = dept_largest_exponent(count, $0)
    }
    return Tensor(shape: shape, storage: halves, dtype: .bfloat16)
  }

  /// The same values as float32; `self` where they are float32 already.
  public func widenedToFloat32() -> Tensor {
    guard dtype == .bfloat16, let storage else { return self }
    let count = scalarCount
    return .filled(shape) { out in
      storage.withHalves { dept_widen_bfloat16(count, $0, out) }
    }
  }

  /// The same values in memory of their own.
  package func copied() -> Tensor {
    let (source, count) = (pointer, scalarCount)
    return .filled(shape) { $0.update(from: source, count: count) }
  }

  /// Lets the pages of a mapped file go that these elements lie on; they are read again when they
  /// are looked at.
  package func forgetPages() {
    guard let storage, !storage.isWritable else { return }
    dept_forget_pages(storage.pointer, storage.count * MemoryLayout<Float>.stride)
  }

  /// Where the elements lie, of either type, and what kernels want to know of them.
  var operand: (pointer: UnsafeRawPointer, element: dept_element, exponent: Int32) {
    guard let storage else {
      preconditionFailure("the weights of this backbone were described, not loaded")
    }
    return (
      UnsafeRawPointer(storage.pointer), dtype == .bfloat16 ? DEPT_BFLOAT16 : DEPT_FLOAT32,
      storage.largestExponent
    )
  }
}

extension Storage {
  /// The memory as 16-bit words: bfloat16 elements, or bits of a mask.
  func withHalves(_ body: (UnsafeMutablePointer<UInt16>) -> Void) {
    pointer.withMemoryRebound(to: UInt16.self, capacity: 2 * count) { body($0) }
  }
}
