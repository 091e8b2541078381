import Foundation

/// A member of a JSON object that is found without decoding the object.
enum JSONMember {
  /// The number or quoted text that stands at a name, as it is written; `nil` where there is none.
  ///
  /// - Parameter object: a value whose brackets and quotes are in order.
  static func text(of name: String, in object: Data) -> String? {
    object.withUnsafeBytes { bytes in
      var depth = 0
      var isName = false
      var place = 0
      while place < bytes.count {
        switch bytes[place] {
        case UInt8(ascii: "{"), UInt8(ascii: "["):
          depth += 1
          isName = bytes[place] == UInt8(ascii: "{")
          place += 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
          depth -= 1
          place += 1
        case UInt8(ascii: ","):
          isName = true
          place += 1
        case UInt8(ascii: ":"):
          isName = false
          place += 1
        case UInt8(ascii: "\""):
          let end = textEnd(from: place, in: bytes)
          let found = bytes[min(place + 1, end)..<max(place + 1, end - 1)]
          place = end
          if depth == 1, isName, found.elementsEqual(name.utf8) {
            return value(from: place, in: bytes)
          }
        default:
          place += 1
        }
      }
      return nil
    }
  }

  /// The place after the closing quote.
  private static func textEnd(from start: Int, in bytes: UnsafeRawBufferPointer) -> Int {
    var place = start + 1
    while place < bytes.count {
      if bytes[place] == UInt8(ascii: "\"") { return place + 1 }
      place += bytes[place] == UInt8(ascii: "\\") ? 2 : 1
    }
    return bytes.count
  }

  private static func value(from start: Int, in bytes: UnsafeRawBufferPointer) -> String? {
    let spaces: [UInt8] = [0x20, 0x09, 0x0A, 0x0D, UInt8(ascii: ":")]
    guard let first = bytes[start...].firstIndex(where: { !spaces.contains($0) }) else {
      return nil
    }
    let ends: [UInt8] = [0x20, 0x09, 0x0A, 0x0D, UInt8(ascii: ","), UInt8(ascii: "}")]
    let end =
      switch bytes[first] {
      case UInt8(ascii: "{"), UInt8(ascii: "["): first
      case UInt8(ascii: "\""): textEnd(from: first, in: bytes)
      default: bytes[first...].firstIndex(where: ends.contains) ?? bytes.count
      }
    return first == end ? nil : String(decoding: bytes[first..<end], as: UTF8.self)
  }
}
