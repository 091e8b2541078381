/// Finds tokens by the bytes that they spell.
struct SpellingTable: Sendable {
  // Open addressing: a token lies at the first free slot from its hash on, beside half the hash.
  private var slots: [(hash: UInt32, id: Int32)]
  private var bytes: [UInt8] = []
  private var starts: [Int] = [0]
  private static let free: Int32 = -1

  /// - Parameter spellings: what each id spells; ids that spell nil are never found, and of equal
  ///   spellings the first is.
  init(_ spellings: [[UInt8]?]) {
    var count = 16
    while count < 2 * spellings.count { count *= 2 }
    slots = Array(repeating: (0, Self.free), count: count)
    for (id, spelling) in spellings.enumerated() {
      bytes.append(contentsOf: spelling ?? [])
      starts.append(bytes.count)
      spelling?.withUnsafeBufferPointer { spelling in
        let (slot, hash) = place(of: spelling)
        if slots[slot].id == Self.free { slots[slot] = (hash, Int32(id)) }
      }
    }
  }

  /// The token that spells these bytes.
  func id(of word: UnsafeBufferPointer<UInt8>) -> Int32? {
    let id = slots[place(of: word).slot].id
    return id == Self.free ? nil : id
  }

  /// The token that spells these bytes.
  func id(of word: [UInt8]) -> Int32? { word.withUnsafeBufferPointer { id(of: $0) } }

  /// Where the token lies that spells a word, or would.
  private func place(of word: UnsafeBufferPointer<UInt8>) -> (slot: Int, hash: UInt32) {
    let full = Self.hash(of: word)
    let hash = UInt32(truncatingIfNeeded: full)
    var slot = Int(truncatingIfNeeded: full >> 32) & (slots.count - 1)
    while slots[slot].id != Self.free {
      if slots[slot].hash == hash && spells(slots[slot].id, word) { break }
      slot = (slot + 1) & (slots.count - 1)
    }
    return (slot, hash)
  }

  private func spells(_ id: Int32, _ word: UnsafeBufferPointer<UInt8>) -> Bool {
    let start = starts[Int(id)]
    guard starts[Int(id) + 1] - start == word.count else { return false }
    return (0..<word.count).allSatisfy { bytes[start + $0] == word[$0] }
  }

  /// Eight bytes at a time; the length tells words apart that end in zeros.
  private static func hash(of word: UnsafeBufferPointer<UInt8>) -> UInt64 {
    let bytes = UnsafeRawBufferPointer(word)
    var hash = UInt64(truncatingIfNeeded: word.count)
    func mixed(_ hash: UInt64, _ chunk: UInt64) -> UInt64 {
      let product = (hash ^ chunk).multipliedFullWidth(by: 0x9e37_79b9_7f4a_7c15)
      return product.high ^ product.low
    }
    var index = 0
    while index + 8 <= bytes.count {
      hash = mixed(hash, bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
      index += 8
    }
    var tail: UInt64 = 0
    while index < bytes.count {
      tail = tail << 8 | UInt64(bytes[index])
      index += 1
    }
    return mixed(mixed(hash, tail), 0xd6e8_feb8_6659_fd93)
  }
}
