/// Pieces with a meaning of their own that are recognised where a text spells them out.
struct LiteralTokens: Sendable {
  /// A stretch of a text: plain bytes, or one literal token.
  enum Part: Equatable {
    case text(Range<Int>)
    case token(Int)
  }

  /// Those that begin with each byte.
  private let spellings: [[(bytes: [UInt8], id: Int)]]
  private let isFirst: [Bool]

  /// - Parameter ids: what each spelling stands for; empty spellings are never found.
  init(_ ids: [(spelling: String, id: Int)]) {
    var spellings: [[(bytes: [UInt8], id: Int)]] = Array(repeating: [], count: 256)
    for (spelling, id) in ids {
      let bytes = Array(spelling.utf8)
      guard let first = bytes.first else { continue }
      spellings[Int(first)].append((bytes, id))
    }
    // Longest first, so that the first that fits is the longest that does.
    self.spellings = spellings.map { $0.sorted { $0.bytes.count > $1.bytes.count } }
    isFirst = spellings.map { !$0.isEmpty }
  }

  /// Whether a literal begins with this byte.
  func mayBegin(with byte: UInt8) -> Bool { isFirst[Int(byte)] }

  /// Cuts UTF-8 text at the leftmost longest literals; empty stretches are left out.
  func parts(of text: [UInt8]) -> [Part] {
    var parts: [Part] = []
    var start = 0
    var index = 0
    while index < text.count {
      let first = Int(text[index])
      guard isFirst[first],
        let found = spellings[first].first(where: { text[index...].starts(with: $0.bytes) })
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
