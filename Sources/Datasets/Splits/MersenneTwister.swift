/// The 32-bit Mersenne Twister MT19937 (Matsumoto and Nishimura, 1998).
struct MersenneTwister {
  private static let size = 624
  private static let middle = 397

  private var state: [UInt32]
  private var position = MersenneTwister.size

  init(seed: UInt32) {
    state = [seed]
    state.reserveCapacity(MersenneTwister.size)
    for index in 1..<MersenneTwister.size {
      let last = state[index - 1]
      state.append(1_812_433_253 &* (last ^ (last >> 30)) &+ UInt32(index))
    }
  }

  /// The next 32 bits.
  mutating func next() -> UInt32 {
    if position == MersenneTwister.size { refill() }
    var bits = state[position]
    position += 1
    bits ^= bits >> 11
    bits ^= (bits << 7) & 0x9D2C_5680
    bits ^= (bits << 15) & 0xEFC6_0000
    return bits ^ (bits >> 18)
  }

  private mutating func refill() {
    let size = MersenneTwister.size
    for index in 0..<size {
      let joined = (state[index] & 0x8000_0000) | (state[(index + 1) % size] & 0x7FFF_FFFF)
      let twist: UInt32 = joined & 1 == 0 ? 0 : 0x9908_B0DF
      state[index] = state[(index + MersenneTwister.middle) % size] ^ (joined >> 1) ^ twist
    }
    position = 0
  }
}
