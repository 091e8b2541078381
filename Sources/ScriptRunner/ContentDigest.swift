import Crypto
import Foundation

/// A running SHA-256 over named parts, each delimited so that parts cannot be mistaken.
struct ContentDigest {
  private var hash = SHA256()

  mutating func add(_ name: String, _ content: some DataProtocol) {
    hash.update(data: Data("\(name.utf8.count):\(name):\(content.count):".utf8))
    hash.update(data: content)
  }

  mutating func add(_ name: String, _ content: String) { add(name, Data(content.utf8)) }

  /// In hexadecimal; half of the digest is plenty for a folder's name.
  consuming func finish() -> String {
    hash.finalize().prefix(16).map { byte in
      (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }.joined()
  }
}
