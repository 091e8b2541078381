public import Foundation

/// The ids of examples, uncut, in a file that is mapped into memory: processes that read it share
/// it.
///
/// Layout, little-endian: `DEPTTOK1`, the number of examples, the bytes of an id, and a checksum of
/// all that follows (each UInt64); the ids of each example's source and target; zeros up to a
/// multiple of 8 bytes; then for each of these lists where it ends, in ids (UInt64).
public struct TokenFile: Sendable {
  static let magic = Array("DEPTTOK1".utf8)
  static let headerBytes = 32

  /// The number of examples.
  public let count: Int
  private let bytes: Data
  private let width: Int
  private let ends: Int

  /// Maps a file; `nil` where there is none, or none that is whole.
  public init?(contentsOf file: URL) {
    guard let bytes = try? Data(contentsOf: file, options: .alwaysMapped),
      bytes.count >= Self.headerBytes, bytes.count % 8 == 0,
      bytes.prefix(8).elementsEqual(Self.magic)
    else { return nil }
    func number(_ offset: Int) -> UInt64 {
      bytes.withUnsafeBytes {
        UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      }
    }
    guard let count = Int(exactly: number(8)), let width = Int(exactly: number(16)),
      width == 2 || width == 4, count <= (bytes.count - Self.headerBytes) / 16
    else { return nil }
    guard Checksum(ofBodyOf: file).value == number(24) else { return nil }
    self.count = count
    self.bytes = bytes
    self.width = width
    ends = bytes.count - 16 * count
  }

  /// The ids of an example, uncut.
  ///
  /// - Precondition: `index` lies in `0..<count`.
  public subscript(index: Int) -> TokenizedExample {
    TokenizedExample(source: ids(2 * index), target: ids(2 * index + 1))
  }

  /// The number of ids of an example's source, uncut.
  public func sourceLength(_ index: Int) -> Int { end(2 * index) - start(2 * index) }

  private func ids(_ list: Int) -> [Int] {
    bytes.withUnsafeBytes { all in
      (start(list)..<end(list)).map { place in
        let offset = Self.headerBytes + place * width
        return width == 2
          ? Int(all.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
          : Int(all.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
      }
    }
  }

  private func start(_ list: Int) -> Int { list == 0 ? 0 : end(list - 1) }

  private func end(_ list: Int) -> Int {
    bytes.withUnsafeBytes {
      Int(truncatingIfNeeded: $0.loadUnaligned(fromByteOffset: ends + 8 * list, as: UInt64.self))
    }
  }
}

extension TokenFile {
  /// A checksum of 8 bytes at a time, in the manner of FNV-1a: for damage, not for forgery.
  struct Checksum {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    init() {}

    /// The checksum of what follows a file's header: read rather than mapped, so that it is no
    /// memory of this process.
    init(ofBodyOf file: URL) {
      guard let handle = try? FileHandle(forReadingFrom: file) else { return }
      defer { try? handle.close() }
      try? handle.seek(toOffset: UInt64(TokenFile.headerBytes))
      while let piece = try? handle.read(upToCount: 1 << 20), !piece.isEmpty {
        piece.prefix(piece.count / 8 * 8).withUnsafeBytes { add($0) }
      }
    }

    /// - Precondition: the number of bytes is a multiple of 8.
    mutating func add(_ bytes: UnsafeRawBufferPointer) {
      var value = value
      for offset in stride(from: 0, to: bytes.count, by: 8) {
        let word = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        value = (value ^ UInt64(littleEndian: word)) &* 0x0000_0100_0000_01B3
        value ^= value >> 32
      }
      self.value = value
    }
  }
}
