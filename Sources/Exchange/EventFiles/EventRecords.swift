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
  private var memory = UnsafeMutableRawBufferPointer.allocate(byteCount: piece, alignment: 16)
  /// The part of `memory` that was read and not yet handed over.
  private var start = 0
  private var end = 0
  private var next = 0

  init(path: String) throws(ExchangeError) {
    self.path = path
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw .refused(path: path, action: "read", reason: String(cString: strerror(errno)))
    }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
    memory.deallocate()
  }

  /// Hands the next record to `body`; `false` at the end of what is whole.
  func read(_ body: (UnsafeRawBufferPointer) throws -> Void) throws -> Bool {
    byte = next
    guard try fill(12) else { return false }
    let head = part(0, 8)
    guard Checksum.masked(head) == sum(at: 8) else {
      throw damage(
        byte == 0 ? "it does not begin with a record" : "the checksum of a length is wrong")
    }
    let length = UInt64(littleEndian: head.loadUnaligned(as: UInt64.self))
    guard length <= Self.longest else { throw damage("a record of \(length) bytes") }
    let whole = 12 + Int(length) + 4
    guard try fill(whole) else { return false }
    let content = part(12, Int(length))
    guard Checksum.masked(content) == sum(at: whole - 4) else {
      throw damage("the checksum of a record is wrong")
    }
    do {
      try body(content)
    } catch is ProtobufReader.Malformed {
      throw damage("a record is no event")
    }
    start += whole
    next += whole
    return true
  }

  private func damage(_ problem: String) -> ExchangeError {
    .damaged(path: path, byte: byte, problem: problem)
  }

  /// Bytes of the current record.
  private func part(_ offset: Int, _ count: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: memory[start + offset..<start + offset + count])
  }

  private func sum(at offset: Int) -> UInt32 {
    UInt32(littleEndian: part(offset, 4).loadUnaligned(as: UInt32.self))
  }

  /// Makes sure that `count` bytes from `start` are there; `false` where the file ends before.
  private func fill(_ count: Int) throws(ExchangeError) -> Bool {
    guard end - start < count else { return true }
    let rest = UnsafeRawBufferPointer(rebasing: memory[start..<end])
    if memory.count < count {
      let larger = UnsafeMutableRawBufferPointer.allocate(
        byteCount: count + Self.piece, alignment: 16)
      larger.copyMemory(from: rest)
      memory.deallocate()
      memory = larger
    } else if start > 0 {
      memory.copyMemory(from: rest)
    }
    (start, end) = (0, rest.count)
    while end < count {
      let free = UnsafeMutableRawBufferPointer(rebasing: memory[end...])
      let got = Foundation.read(descriptor, free.baseAddress, free.count)
      if got < 0 {
        if errno == EINTR { continue }
        throw .refused(path: path, action: "read", reason: String(cString: strerror(errno)))
      }
      if got == 0 {
        isTorn = end > 0
        return false
      }
      end += got
    }
    return true
  }
}
