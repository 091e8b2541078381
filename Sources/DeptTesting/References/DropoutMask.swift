import TensorEngine

/// The engine's counter-based dropout mask, written a second time.
struct DropoutMask {
  private let key: UInt64
  private let threshold: UInt32
  private let kept: Double

  init(_ key: RandomKey, _ probability: Float) {
    self.key = key.value
    threshold = UInt32(Double(probability) * 0x1p32)
    kept = 1 / (1 - Double(probability))
  }

  /// What the element at a counter is multiplied by: 0, or `1/(1 − probability)`.
  func factor(_ counter: UInt64) -> Double {
    var x = UInt32(truncatingIfNeeded: counter) &* 0x9E37_79B1 &+ UInt32(truncatingIfNeeded: key)
    x ^= UInt32(truncatingIfNeeded: counter >> 32) &* 0x85EB_CA6B
    x = (x ^ (x >> 16)) &* 0x7FEB_352D
    x = (x ^ (x >> 15)) &+ UInt32(truncatingIfNeeded: key >> 32)
    x = x &* 0x846C_A68B
    x ^= x >> 16
    return x >= threshold ? kept : 0
  }
}
