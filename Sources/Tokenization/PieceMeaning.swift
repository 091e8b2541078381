/// What one id of a SentencePiece vocabulary stands for in a text.
enum PieceMeaning: Equatable {
  /// A stretch of text in which `▁` is a space.
  case text(String)
  /// One byte of a character that no piece spells.
  case byte(UInt8)
  /// Nothing: unknown, control and unused pieces.
  case special

  /// The text of pieces one after another. The first piece loses the space that encoding put
  /// before the first word.
  static func text(of pieces: some Sequence<PieceMeaning>) -> String {
    var bytes: [UInt8] = []
    var isFirst = true
    for piece in pieces {
      switch piece {
      case .special: continue
      case .byte(let byte): bytes.append(byte)
      case .text(let text):
        for scalar in text.unicodeScalars {
          if scalar != "\u{2581}" {
            bytes.append(contentsOf: UTF8.encode(scalar) ?? .init())
          } else if !isFirst {
            bytes.append(UInt8(ascii: " "))
          }
        }
      }
      isFirst = false
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
