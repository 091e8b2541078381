import Kernels

/// A counter-based source of randomness: the same key gives the same numbers, in any order, on any
/// thread. Derive one key a purpose by folding in names and numbers; never use a key twice.
public struct RandomKey: Hashable, Sendable {
  /// The key itself, for kernels that draw their own bits.
  public let value: UInt64

  public init(seed: Int) {
    value = Self.mix(UInt64(bitPattern: Int64(seed)) &+ 0x9E37_79B9_7F4A_7C15)
  }
  private init(value: UInt64) { self.value = value }

  /// The key for a named purpose.
  public func folding(_ name: String) -> RandomKey {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    return RandomKey(value: Self.mix(value ^ Self.mix(hash)))
  }

  /// The key for a number: a step, an epoch, a sequence.
  public func folding(_ number: Int) -> RandomKey {
    let place = UInt64(bitPattern: Int64(number)) &+ 1
    return RandomKey(value: Self.mix(value &+ 0xD1B5_4A32_D192_ED03 &* place))
  }

  /// The key whose dropout masks begin where those of this key are after `rows` rows of `width`.
  public func after(rows: Int, width: Int) -> RandomKey {
    rows == 0 ? self : RandomKey(value: dept_dropout_key_after(rows, width, value))
  }

  /// The 64 bits at a place of this key's stream.
  public func bits(_ index: Int) -> UInt64 {
    Self.mix(value &+ 0x9E37_79B9_7F4A_7C15 &* (UInt64(bitPattern: Int64(index)) &+ 1))
  }

  /// A number in `0..<1`.
  public func unit(_ index: Int) -> Double { Double(bits(index) >> 11) * 0x1p-53 }

  /// A permutation of `0..<count` (Fisher–Yates).
  public func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    guard count > 1 else { return order }
    for last in stride(from: count - 1, to: 0, by: -1) {
      let (high, _) = bits(last).multipliedFullWidth(by: UInt64(last + 1))
      order.swapAt(last, Int(high))
    }
    return order
  }

  /// The finaliser of SplitMix64.
  private static func mix(_ input: UInt64) -> UInt64 {
    var z = input
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
