import Foundation

/// The records of an event file, read a piece at a time and checked against their checksums.
final class EventRecords {
  /// Longer records are taken for damage: no event comes near.
  private static let longest: UInt64 = 1 << 30
  private static let piece = 1 << 20

  let path: String
  /// Where the current record begins.
  private(set) var byte = 0
  /// Whether the file ends within a record, as when its writer was killed or still writes.
  private(set) var isTorn = false
  private let descriptor: Int32
  private var buffer: [UInt8] = []
  private var start = 0
  private var next = 0

  init(path: String) throws(ExchangeError) {
    self.path = path
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw .refused(path: path, action: "read", reason: String(cString: strerror(errno)))
    }
  }

  deinit { close(descriptor) }

  /// Hands the next record to `body`; `false` at the end of what is whole.
  func read(_ body: (UnsafeRawBufferPointer) throws -> Void) throws -> Bool {
    byte = next
    guard try fill(12) else { return false }
    let length: UInt64 = try buffer.withUnsafeBytes { bytes in
      let head = UnsafeRawBufferPointer(rebasing: bytes[start..<start + 8])
      guard Checksum.masked(head) == Self.sum(bytes, at: start + 8) else {
        throw damage(
          byte == 0 ? "it does not begin with a record" : "the checksum of a length is wrong")
      }
      return UInt64(littleEndian: head.loadUnaligned(as: UInt64.self))
    }
    guard length <= Self.longest else { throw damage("a record of \(length) bytes") }
    let whole = 12 + Int(length) + 4
    guard try fill(whole) else { return false }
    try buffer.withUnsafeBytes { bytes in
      let end = start + 12 + Int(length)
      let content = UnsafeRawBufferPointer(rebasing: bytes[start + 12..<end])
      guard Checksum.masked(content) == Self.sum(bytes, at: end) else {
        throw damage("the checksum of a record is wrong")
      }
      do {
        try body(content)
      } catch is ProtobufReader.Malformed {
        throw damage("a record is no event")
      }
    }
    start += whole
    next += whole
    return true
  }

  private func damage(_ problem: String) -> ExchangeError {
    .damaged(path: path, byte: byte, problem: problem)
  }

  private static func sum(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> UInt32 {
    UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }

  /// Makes sure that `count` bytes from `start` are there; `false` where the file ends before.
  private func fill(_ count: Int) throws(ExchangeError) -> Bool {
    guard buffer.count - start < count else { return true }
    buffer.removeFirst(start)
    start = 0
    while buffer.count < count {
      let old = buffer.count
      let wanted = max(Self.piece, count - old)
      buffer.append(contentsOf: repeatElement(0, count: wanted))
      let got = buffer.withUnsafeMutableBytes { bytes in
        Foundation.read(descriptor, bytes.baseAddress.map { $0 + old }, wanted)
      }
      buffer.removeLast(wanted - max(got, 0))
      if got < 0 {
        if errno == EINTR { continue }
        throw .refused(path: path, action: "read", reason: String(cString: strerror(errno)))
      }
      if got == 0 {
        isTorn = !buffer.isEmpty
        return false
      }
    }
    return true
  }
}
