/// Random text that is hard on a tokenizer of words; equal seeds give equal texts.
struct RandomText: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
    return mixed ^ mixed >> 31
  }

  /// A few words of one kind or another between spaces of all numbers.
  mutating func text(of words: [String]) -> String {
    (0..<Int.random(in: 0...12, using: &self)).reduce(into: spaces()) { text, _ in
      text += word(of: words) + spaces()
    }
  }

  private mutating func spaces() -> String {
    String(repeating: " ", count: [0, 1, 1, 1, 1, 1, 2, 5].randomElement(using: &self) ?? 1)
  }

  private mutating func word(of words: [String]) -> String {
    let count = Int.random(in: 1...9, using: &self)
    let letters = Array(
      "abcdefghijklmnopqrstuvwxyzABCXYZ0123456789'\".,;:-_!?()[]{}~^\\/@#$%&*+=|`")
    switch Int.random(in: 0..<8, using: &self) {
    case 0: return String((0..<count).compactMap { _ in letters.randomElement(using: &self) })
    case 1:
      return String(
        repeating: ["ha", "a", "no", "!", "-", "12"].randomElement(using: &self) ?? "", count: count
      )
    case 2: return words.shuffled(using: &self).prefix(3).joined()
    default: return words.randomElement(using: &self) ?? ""
    }
  }
}
