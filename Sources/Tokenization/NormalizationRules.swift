/// SentencePiece's compiled rules that bring text to one form: the size of a double-array trie
/// (Aoe 1989) of what is replaced, the trie, and the replacements.
struct NormalizationRules {
  private let units: [UInt32]

  /// Nil where the bytes are not such rules; none at all are rules that leave every text as it is.
  init?(_ bytes: ArraySlice<UInt8>) {
    func word(at offset: Int) -> UInt32 {
      bytes.dropFirst(offset).prefix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
    if bytes.isEmpty {
      units = []
      return
    }
    let size = Int(word(at: 0))
    guard bytes.count >= 4, size % 4 == 0, 4 + size <= bytes.count else { return nil }
    units = (0..<size / 4).map { word(at: 4 + 4 * $0) }
  }

  /// Whether no rule replaces anything spelled with spaces and visible ASCII characters alone, so
  /// that every text of them stays as it is.
  var keepsASCII: Bool {
    guard let root = units.first else { return true }
    var open = [Self.offset(root)]
    var visited = 0
    while let node = open.popLast() {
      visited += 1
      if visited > units.count { return false }
      for byte in UInt32(0x20)...0x7e {
        let child = node ^ byte
        guard child < units.count else { continue }
        let unit = units[Int(child)]
        // The label, and a bit that marks a replacement instead of a step.
        guard unit & 0x8000_00ff == byte else { continue }
        if unit & 0x100 != 0 { return false }
        open.append(child ^ Self.offset(unit))
      }
    }
    return true
  }

  private static func offset(_ unit: UInt32) -> UInt32 {
    (unit >> 10) << ((unit & 0x200) >> 6)
  }
}
