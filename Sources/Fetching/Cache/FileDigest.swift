import Crypto
import Foundation

/// The SHA-256 and the size of a stream of bytes.
struct FileDigest {
  private(set) var bytes = 0
  private var hash = SHA256()

  mutating func update(_ buffer: UnsafeRawBufferPointer) {
    hash.update(bufferPointer: buffer)
    bytes += buffer.count
  }

  /// Lower-case hexadecimal.
  var sha256: String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in hash.finalize() {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The digest of a file's present content.
  init(of file: URL) throws(FetchError) {
    self.init()
    var digest = FileDigest()
    try atFileSystem(file.path) {
      let handle = try FileHandle(forReadingFrom: file)
      defer { try? handle.close() }
      while let chunk = try handle.read(upToCount: 1 << 20), !chunk.isEmpty {
        chunk.withUnsafeBytes { digest.update($0) }
      }
    }
    self = digest
  }

  init() {}
}
