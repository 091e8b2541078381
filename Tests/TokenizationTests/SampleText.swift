/// Text to train a small vocabulary on: words of a few syllables in many orders.
enum SampleText {
  /// `count` lines; equal counts give equal lines.
  static func lines(_ count: Int) -> [String] {
    let onsets = ["b", "d", "k", "l", "m", "r", "s", "t"]
    let rimes = ["a", "e", "in", "o", "un", "ar"]
    let syllables = onsets.flatMap { onset in rimes.map { onset + $0 } }
    var state: UInt64 = 20_180_426
    func draw(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    let words = (0..<150).map { _ in
      (0...draw(3)).map { _ in syllables[draw(syllables.count)] }.joined()
    }
    return (0..<count).map { _ in
      (0...(2 + draw(8))).map { _ in words[draw(words.count)] }.joined(separator: " ") + "."
    }
  }
}
