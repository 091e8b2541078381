/// The entries of a ZIP archive that are stored as they are, as `torch.save` writes them.
///
/// They are used where they lie in the mapped file, so nothing is unpacked and a few bytes cannot
/// ask for many. Checksums are not compared: PyTorch may be told to leave them out.
struct StoredArchive {
  /// Where each entry's bytes lie in the file, by its name.
  let entries: [String: Range<Int>]

  /// What is wrong with an archive.
  struct Failure: Error {
    var reason: String
  }

  /// The signatures of the archive's records.
  private enum Signature {
    static let local: UInt32 = 0x0403_4b50
    static let central: UInt32 = 0x0201_4b50
    static let end: UInt32 = 0x0605_4b50
    static let wideEnd: UInt32 = 0x0606_4b50
    static let wideLocator: UInt32 = 0x0706_4b50
  }

  /// Reads the directory of an archive that fills the bytes.
  init(of file: UnsafeRawBufferPointer) throws(Failure) {
    let bytes = BoundedBytes(bytes: file)
    let directory = try Self.directory(of: bytes)
    var entries: [String: Range<Int>] = [:]
    var position = directory.start
    for _ in 0..<directory.count {
      let entry = try Self.entry(at: position, in: bytes)
      guard entries.updateValue(entry.bytes, forKey: entry.name) == nil else {
        throw Failure(reason: "its entry '\(entry.name)' comes a second time")
      }
      position = entry.next
    }
    self.entries = entries
  }

  /// Where the directory of the entries starts and how many it lists.
  private static func directory(of bytes: BoundedBytes) throws(Failure) -> (start: Int, count: Int)
  {
    guard let end = endRecord(of: bytes) else {
      throw Failure(reason: "the directory at the end of the archive is missing")
    }
    var count = bytes.index(at: end + 10, as: UInt16.self)
    var start = bytes.index(at: end + 16, as: UInt32.self)
    // Archives beyond the reach of 16 and 32 bits have a second record of their end.
    if count == 0xffff || start == 0xffff_ffff,
      bytes.integer(at: end - 20, as: UInt32.self) == Signature.wideLocator
    {
      guard let wide = bytes.index(at: end - 12, as: UInt64.self),
        bytes.integer(at: wide, as: UInt32.self) == Signature.wideEnd
      else { throw Failure(reason: "the directory at the end of the archive is damaged") }
      count = bytes.index(at: wide + 32, as: UInt64.self)
      start = bytes.index(at: wide + 48, as: UInt64.self)
    }
    guard let count, let start, start <= end else {
      throw Failure(reason: "the directory at the end of the archive is damaged")
    }
    return (start, count)
  }

  /// The record that ends an archive; only a comment of at most 65,535 bytes may follow it.
  private static func endRecord(of bytes: BoundedBytes) -> Int? {
    let length = 22
    var position = bytes.count - length
    while position >= max(0, bytes.count - length - 0xffff) {
      if bytes.integer(at: position, as: UInt32.self) == Signature.end { return position }
      position -= 1
    }
    return nil
  }

  private static func entry(at position: Int, in bytes: BoundedBytes) throws(Failure)
    -> (name: String, bytes: Range<Int>, next: Int)
  {
    let length = 46
    guard bytes.integer(at: position, as: UInt32.self) == Signature.central,
      let flags = bytes.integer(at: position + 8, as: UInt16.self),
      let packing = bytes.integer(at: position + 10, as: UInt16.self),
      let nameLength = bytes.index(at: position + 28, as: UInt16.self),
      let extraLength = bytes.index(at: position + 30, as: UInt16.self),
      let commentLength = bytes.index(at: position + 32, as: UInt16.self),
      let name = bytes.text(at: position + length, count: nameLength),
      let extra = bytes.part(at: position + length + nameLength, count: extraLength)
    else { throw Failure(reason: "its directory is damaged at byte \(position)") }
    guard packing == 0, flags & 1 == 0 else {
      throw Failure(reason: "its entry '\(name)' is compressed or encrypted, not stored")
    }
    guard
      let place = Place(at: position, in: bytes, extra: BoundedBytes(bytes: extra)),
      bytes.integer(at: place.offset, as: UInt32.self) == Signature.local,
      let localName = bytes.index(at: place.offset + 26, as: UInt16.self),
      let localExtra = bytes.index(at: place.offset + 28, as: UInt16.self)
    else { throw Failure(reason: "its entry '\(name)' lies outside the file") }
    let start = place.offset + 30 + localName + localExtra
    guard bytes.part(at: start, count: place.count) != nil else {
      throw Failure(reason: "its entry '\(name)' ends after the file")
    }
    let next = position + length + nameLength + extraLength + commentLength
    return (name, start..<start + place.count, next)
  }
}

extension StoredArchive {
  /// Where an entry's own header starts, and how many bytes the entry has.
  private struct Place {
    var offset: Int
    var count: Int

    /// Reads a record of the directory; where a number does not fit into its 32 bits, it is in the
    /// extra field 1, which lists such numbers in the order of size, packed size, offset.
    init?(at position: Int, in bytes: BoundedBytes, extra: BoundedBytes) {
      guard var size = bytes.index(at: position + 24, as: UInt32.self),
        let packed = bytes.index(at: position + 20, as: UInt32.self),
        var offset = bytes.index(at: position + 42, as: UInt32.self)
      else { return nil }
      let saturated = 0xffff_ffff
      if size == saturated || packed == saturated || offset == saturated {
        guard var field = Self.wideField(of: extra) else { return nil }
        if size == saturated {
          guard let wide = extra.index(at: field, as: UInt64.self) else { return nil }
          size = wide
          field += 8
        }
        if packed == saturated { field += 8 }
        if offset == saturated {
          guard let wide = extra.index(at: field, as: UInt64.self) else { return nil }
          offset = wide
        }
      }
      // Far below what would overflow when the lengths of a header are added.
      guard offset < bytes.count else { return nil }
      self.offset = offset
      count = size
    }

    /// Where the content of the extra field 1 starts.
    private static func wideField(of extra: BoundedBytes) -> Int? {
      var position = 0
      while let identifier = extra.integer(at: position, as: UInt16.self),
        let length = extra.index(at: position + 2, as: UInt16.self)
      {
        if identifier == 1 { return position + 4 }
        position += 4 + length
      }
      return nil
    }
  }
}
