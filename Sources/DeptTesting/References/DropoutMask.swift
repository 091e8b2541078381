import TensorEngine

/// The engine's counter-based dropout mask, written a second time.
struct DropoutMask {
  private let key: UInt64
  private let threshold: UInt32
  private let kept: Double

  init(_ key: RandomKey, _ probability: Float) {
    self.key = key.value
    threshold = UInt32(probability * 65536 + 0.5)
    kept = 1 / (1 - Double(probability))
  }

  /// What the element at a place is multiplied by: 0, or `1/(1 − probability)`. 32 neighbours share
  /// 16 words, low halves first.
  func factor(_ place: UInt64) -> Double {
    let word = word((place >> 5) * 16 + (place & 15))
    let half = place & 16 == 0 ? word & 0xFFFF : word >> 16
    return half >= threshold ? kept : 0
  }

  /// The same for an element of a matrix, whose rows begin at multiples of 32.
  func factor(row: Int, column: Int, width: Int) -> Double {
    factor(UInt64(row * ((width + 31) / 32 * 32) + column))
  }

  private func word(_ number: UInt64) -> UInt32 {
    var x = UInt32(truncatingIfNeeded: number) &* 0x9E37_79B1 &+ UInt32(truncatingIfNeeded: key)
    x ^= UInt32(truncatingIfNeeded: number >> 32) &* 0x85EB_CA6B
    x = (x ^ (x >> 16)) &* 0x7FEB_352D
    x = (x ^ (x >> 15)) &+ UInt32(truncatingIfNeeded: key >> 32)
    x = x &* 0x846C_A68B
    return x ^ (x >> 16)
  }
}
