/// A ZIP archive of stored entries, as `torch.save` writes one.
struct StoredZip {
  var entries: [(name: String, bytes: [UInt8])]
  /// How the directory says that entries are packed; 0 is not at all.
  var packing: UInt16 = 0
  /// Whether the end of the archive is in the records with 64 bits.
  var isWide = false

  init(_ entries: [(name: String, bytes: [UInt8])]) { self.entries = entries }

  /// A file with a pickle and the bytes of storages, by their keys.
  init(pickle: [UInt8], storages: [(key: String, bytes: [UInt8])], order: String? = "little") {
    entries = [("archive/data.pkl", pickle)]
    if let order { entries.append(("archive/byteorder", Array(order.utf8))) }
    entries += storages.map { ("archive/data/" + $0.key, $0.bytes) }
    entries.append(("archive/version", Array("3\n".utf8)))
  }

  var bytes: [UInt8] {
    var file: [UInt8] = []
    var directory: [UInt8] = []
    for (name, content) in entries {
      let start = file.count
      // Storages start at multiples of 64, padded in the extra field as PyTorch does.
      let padding = (64 - (start + 30 + name.utf8.count + 4) % 64) % 64
      let extra =
        Array("FB".utf8) + number(UInt16(padding)) + Array(repeating: 0x5a, count: padding)
      let length = number(UInt32(content.count))
      let sizes = number(UInt32(0)) + length + length + number(UInt16(name.utf8.count))
      file += number(UInt32(0x0403_4b50)) + number(UInt16(0)) + number(UInt16(0)) + number(packing)
      file += number(UInt32(0)) + sizes + number(UInt16(extra.count)) + name.utf8 + extra + content
      directory += number(UInt32(0x0201_4b50)) + number(UInt32(0)) + number(UInt16(0))
      directory += number(packing) + number(UInt32(0)) + sizes
      let places = isWide ? number(UInt16(1)) + number(UInt16(8)) + number(UInt64(start)) : []
      directory += number(UInt16(places.count)) + [UInt8](repeating: 0, count: 10)
      directory += number(isWide ? UInt32.max : UInt32(start)) + name.utf8 + places
    }
    let count = UInt64(entries.count)
    let start = UInt64(file.count)
    file += directory
    if isWide {
      let end = UInt64(file.count)
      file += number(UInt32(0x0606_4b50)) + number(UInt64(44)) + number(UInt32(0x2d_002d))
      file += number(UInt64(0)) + number(count) + number(count)
      file += number(UInt64(directory.count)) + number(start)
      file += number(UInt32(0x0706_4b50)) + number(UInt32(0)) + number(end) + number(UInt32(1))
    }
    file += number(UInt32(0x0605_4b50)) + number(UInt32(0))
    file += number(isWide ? .max : UInt16(count)) + number(isWide ? .max : UInt16(count))
    file += number(UInt32(directory.count)) + number(isWide ? .max : UInt32(start))
    return file + number(UInt16(0))
  }

  private func number<Number: FixedWidthInteger>(_ value: Number) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }
}
