import CSentencePiece

/// A SentencePiece vocabulary held by the C++ library; a class because it owns that memory.
///
/// The library never changes a vocabulary after loading it, so threads share one freely.
final class SentencePieceModel: @unchecked Sendable {  // The library only reads after loading.
  private let handle: OpaquePointer
  /// The number of pieces.
  let count: Int

  /// Loads the bytes of a model file; `path` is only named in errors.
  init(bytes: [UInt8], path: String) throws(TokenizerError) {
    var loaded: OpaquePointer?
    var message: UnsafeMutablePointer<CChar>?
    let code = bytes.withUnsafeBytes { csp_load($0.baseAddress, $0.count, &loaded, &message) }
    let reason = Self.taking(message)
    guard code == csp_ok, let loaded else {
      throw .malformedModel(path: path, reason: reason)
    }
    handle = loaded
    count = Int(csp_vocabulary_size(loaded))
    // A damaged normaliser shows only when it is used.
    let (_, failure) = Array("a probe".utf8).withUnsafeBufferPointer(ids)
    if let failure { throw .malformedModel(path: path, reason: failure) }
  }

  deinit { csp_unload(handle) }

  var unknown: Int? { Self.present(csp_unknown_id(handle)) }
  var padding: Int? { Self.present(csp_padding_id(handle)) }
  var end: Int? { Self.present(csp_end_id(handle)) }

  /// The ids of UTF-8 text; special pieces in it are plain text here.
  func encode(_ text: UnsafeBufferPointer<UInt8>) -> [Int] {
    let (ids, failure) = ids(of: text)
    if let failure { preconditionFailure("a loaded vocabulary refused a text: \(failure)") }
    return ids
  }

  /// The id of a piece, if the vocabulary has it.
  func id(of piece: String) -> Int? {
    var piece = piece
    return piece.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) {
        Self.present(csp_id_of_piece(handle, $0.baseAddress, $0.count))
      }
    }
  }

  /// The piece of an id in `0..<count`, such as `▁the`.
  func piece(of id: Int) -> String {
    var length = 0
    guard let bytes = csp_piece_of_id(handle, Int32(id), &length) else { return "" }
    defer { csp_free(bytes) }
    return String(decoding: UnsafeRawBufferPointer(start: bytes, count: length), as: UTF8.self)
  }

  /// What an id in `0..<count` stands for.
  func meaning(of id: Int) -> PieceMeaning {
    switch csp_kind_of_id(handle, Int32(id)) {
    case csp_kind_unknown, csp_kind_control, csp_kind_unused: .special
    // Spelled `<0x41>`.
    case csp_kind_byte:
      UInt8(piece(of: id).dropFirst(3).prefix(2), radix: 16).map(PieceMeaning.byte) ?? .special
    default: .text(piece(of: id))
    }
  }

  private func ids(of text: UnsafeBufferPointer<UInt8>) -> (ids: [Int], failure: String?) {
    var found: UnsafeMutablePointer<Int32>?
    var length = 0
    var message: UnsafeMutablePointer<CChar>?
    let code = text.withMemoryRebound(to: CChar.self) {
      csp_encode(handle, $0.baseAddress, $0.count, &found, &length, &message)
    }
    let reason = Self.taking(message)
    guard code == csp_ok else { return ([], reason) }
    defer { csp_free(found) }
    return (UnsafeBufferPointer(start: found, count: length).map(Int.init), nil)
  }

  private static func present(_ id: Int32) -> Int? { id < 0 ? nil : Int(id) }

  /// The text of a message from the library, released.
  static func taking(_ message: UnsafeMutablePointer<CChar>?) -> String {
    guard let message else { return "the library gave no reason" }
    defer { csp_free(message) }
    return String(cString: message)
  }
}
