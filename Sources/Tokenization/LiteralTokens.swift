/// Pieces with a meaning of their own that are recognised where a text spells them out.
struct LiteralTokens: Sendable {
  /// A stretch of a text: plain bytes, or one literal token.
  enum Part: Equatable {
    case text(Range<Int>)
    case token(Int)
  }

  private let spellings: [UInt8: [(bytes: [UInt8], id: Int)]]

  /// - Parameter ids: what each spelling stands for; empty spellings are never found.
  init(_ ids: [(spelling: String, id: Int)]) {
    var spellings: [UInt8: [(bytes: [UInt8], id: Int)]] = [:]
    for (spelling, id) in ids {
      let bytes = Array(spelling.utf8)
      guard let first = bytes.first else { continue }
      spellings[first, default: []].append((bytes, id))
    }
    // Longest first, so that the first that fits is the longest that does.
    self.spellings = spellings.mapValues { $0.sorted { $0.bytes.count > $1.bytes.count } }
  }

  /// Cuts UTF-8 text at the leftmost longest literals; empty stretches are left out.
  func parts(of text: [UInt8]) -> [Part] {
    var parts: [Part] = []
    var start = 0
    var index = 0
    while index < text.count {
      guard
        let found = spellings[text[index]]?.first(where: { text[index...].starts(with: $0.bytes) })
      else {
        index += 1
        continue
      }
      if start < index { parts.append(.text(start..<index)) }
      parts.append(.token(found.id))
      index += found.bytes.count
      start = index
    }
    if start < text.count { parts.append(.text(start..<text.count)) }
    return parts
  }
}
