public import Foundation

/// The ids of examples, uncut, in a file that is mapped into memory: opening it costs nothing, and
/// processes that read it share it.
///
/// Layout, little-endian: `DEPTTOK1`, the number of examples and the bytes of an id (both UInt64),
/// the ids of each example's source and target, then for each of these lists where it ends, in ids
/// (UInt64). Its size tells whether it is whole.
public struct TokenFile: Sendable {
  static let magic = Array("DEPTTOK1".utf8)
  static let headerBytes = 24

  /// The number of examples.
  public let count: Int
  private let bytes: Data
  private let width: Int
  private let ends: Int

  /// Maps a file; `nil` where there is none, or none that is whole.
  public init?(contentsOf file: URL) {
    guard let bytes = try? Data(contentsOf: file, options: .alwaysMapped),
      bytes.count >= Self.headerBytes, bytes.prefix(8).elementsEqual(Self.magic)
    else { return nil }
    let (count, width) = bytes.withUnsafeBytes { all in
      (
        Int(truncatingIfNeeded: all.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
        Int(truncatingIfNeeded: all.loadUnaligned(fromByteOffset: 16, as: UInt64.self))
      )
    }
    guard width == 2 || width == 4, (0...bytes.count / 16).contains(count) else { return nil }
    let ends = bytes.count - 16 * count
    guard ends >= Self.headerBytes else { return nil }
    self.count = count
    self.bytes = bytes
    self.width = width
    self.ends = ends
    let total = count == 0 ? 0 : end(2 * count - 1)
    guard total == (ends - Self.headerBytes) / width,
      ends - Self.headerBytes == total * width
    else { return nil }
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
