import Kernels

/// `max(x, 0)`; backward keeps one bit an element.
struct ReLU: Primitive {
  func shape(of operands: [Shape]) -> Shape { operands[0] }

  func evaluate(_ operands: [Tensor], needs: Needs) -> Evaluation {
    let x = operands[0]
    let count = x.scalarCount
    guard needs.any else {
      return Evaluation(.filled(x.shape) { dept_relu(count, x.pointer, $0, nil) }, pullback: nil)
    }
    let bits = Storage(count: (count + 31) / 32)
    let value = Tensor.filled(x.shape) { y in
      bits.withBytes { dept_relu(count, x.pointer, y, $0) }
    }
    let shape = x.shape
    return Evaluation(value) { gradient in
      [
        .filled(shape) { dx in
          bits.withBytes { dept_relu_pull(count, gradient.pointer, $0, dx) }
        }
      ]
    }
  }
}

extension Storage {
  /// The memory as bytes, for bit masks.
  fileprivate func withBytes(_ body: (UnsafeMutablePointer<UInt8>) -> Void) {
    pointer.withMemoryRebound(to: UInt8.self, capacity: count * 4) { body($0) }
  }
}

extension Tensor {
  /// `max(x, 0)`, elementwise.
  public func relu() -> Tensor { ReLU()(self) }
}
