import Foundation

extension UnigramVocabulary {
  /// The roles of a piece in SentencePiece's format.
  private enum Role: UInt64 {
    case normal = 1
    case unknown = 2
    case control = 3
    case byte = 6
  }

  /// The same vocabulary as a SentencePiece model file, a message of protocol buffers.
  var sentencePieceModel: [UInt8] {
    var model = ProtocolBuffer()
    for (id, piece) in pieces.enumerated() {
      var message = ProtocolBuffer()
      message.add(field: 1, bytes: piece.text.utf8)
      message.add(field: 2, float: piece.score)
      message.add(field: 3, integer: role(of: piece, id: id).rawValue)
      model.add(field: 1, bytes: message.bytes)
    }
    if byteFallback {
      var training = ProtocolBuffer()
      training.add(field: 35, integer: 1)
      model.add(field: 2, bytes: training.bytes)
    }
    var normalizer = ProtocolBuffer()
    normalizer.add(field: 2, bytes: normalization)
    model.add(field: 3, bytes: normalizer.bytes)
    return model.bytes
  }

  private func role(of piece: Piece, id: Int) -> Role {
    if id == unknown { return .unknown }
    if specials.contains(piece.text) { return .control }
    let isByte = piece.text.utf8.count == 6 && piece.text.hasPrefix("<0x")
    return byteFallback && isByte ? .byte : .normal
  }
}

/// A message in the wire format of protocol buffers, built field by field.
private struct ProtocolBuffer {
  private(set) var bytes: [UInt8] = []

  mutating func add(field: UInt64, integer: UInt64) {
    append(field << 3)
    append(integer)
  }

  mutating func add(field: UInt64, float: Float) {
    append(field << 3 | 5)
    for shift in stride(from: 0, to: 32, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: float.bitPattern >> UInt32(shift)))
    }
  }

  mutating func add(field: UInt64, bytes contents: some Collection<UInt8>) {
    append(field << 3 | 2)
    append(UInt64(contents.count))
    bytes.append(contentsOf: contents)
  }

  /// Seven bits a byte, the lowest first.
  private mutating func append(_ number: UInt64) {
    var rest = number
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
