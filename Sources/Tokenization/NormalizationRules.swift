/// SentencePiece's compiled rules that bring text to one form: the size of a double-array trie
/// (Aoe 1989) of what is replaced, the trie, and the replacements.
struct NormalizationRules {
  private let bytes: ArraySlice<UInt8>
  private let unitCount: Int

  /// Nil where the bytes are not such rules; none at all are rules that leave every text as it is.
  init?(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    if bytes.isEmpty {
      unitCount = 0
      return
    }
    guard bytes.count >= 4 else { return nil }
    let size = Int(Self.word(of: bytes, at: 0))
    guard size % 4 == 0, 4 + size <= bytes.count else { return nil }
    unitCount = size / 4
  }

  private static func word(of bytes: ArraySlice<UInt8>, at offset: Int) -> UInt32 {
    bytes.withUnsafeBytes {
      UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }
  }

  /// A unit of the trie, in `0..<unitCount`.
  private func unit(_ index: UInt32) -> UInt32 { Self.word(of: bytes, at: 4 + 4 * Int(index)) }

  /// Whether no rule replaces anything spelled with spaces and visible ASCII characters alone, so
  /// that every text of them stays as it is.
  var keepsASCII: Bool {
    if unitCount == 0 { return true }
    var open = [Self.offset(unit(0))]
    var visited = 0
    while let node = open.popLast() {
      visited += 1
      if visited > unitCount { return false }
      for byte in UInt32(0x20)...0x7e {
        let child = node ^ byte
        guard child < unitCount else { continue }
        let unit = unit(child)
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
