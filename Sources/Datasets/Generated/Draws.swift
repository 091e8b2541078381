/// A stream of deterministic draws that is determined by a seed, a name and an index alone.
///
/// SplitMix64 (Steele, Lea and Flood 2014) over a key, so that the same three values give the same
/// draws on every platform, in any order of generation.
struct Draws: Sendable {
  private var state: UInt64

  init(seed: Int, stream: String, index: Int) {
    var key = Draws.mixed(UInt64(bitPattern: Int64(seed)) ^ 0x6A09_E667_F3BC_C909)
    key = Draws.mixed(key ^ Draws.digest(stream))
    state = Draws.mixed(key ^ UInt64(bitPattern: Int64(index)))
  }

  /// The next 64 bits.
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Draws.mixed(state)
  }

  /// A whole number in `0..<bound`; `bound` is at least 1.
  mutating func below(_ bound: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// True in about `percent` of 100 draws.
  mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

  /// One of `choices`, which are not empty.
  mutating func pick<Choice>(_ choices: [Choice]) -> Choice { choices[below(choices.count)] }

  /// One of `choices` other than `excluded`; at least two choices differ from each other.
  mutating func pick<Choice: Equatable>(_ choices: [Choice], not excluded: Choice) -> Choice {
    var choice = pick(choices)
    while choice == excluded { choice = pick(choices) }
    return choice
  }

  /// `items` in a drawn order (Fisher and Yates).
  mutating func shuffled<Item>(_ items: [Item]) -> [Item] {
    var items = items
    var last = items.count - 1
    while last > 0 {
      items.swapAt(last, below(last + 1))
      last -= 1
    }
    return items
  }

  /// The 64-bit FNV-1a hash of a text's UTF-8 bytes, mixed once more.
  static func digest(_ text: String) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    return mixed(hash)
  }

  private static func mixed(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
