import Foundation

/// Which build a shared library is: the hash of its content that the linker left inside it.
///
/// Read from the `NT_GNU_BUILD_ID` note of an ELF file. A script carries the identity of the
/// library it was compiled against and compares it with the one it loads: Swift values of two
/// builds may differ in layout, and nothing else would notice.
public enum LibraryBuildID {
  /// The identity of the library at `path`, in hexadecimal; `nil` where the file has none.
  public static func ofFile(at path: String) -> String? {
    guard let data = try? Data(contentsOf: URL(filePath: path), options: .mappedIfSafe) else {
      return nil
    }
    return data.withUnsafeBytes { note(in: $0) }
  }

  /// The identity of the library that holds `address` in this process; `nil` where unknown.
  public static func ofLoadedLibrary(containing address: UnsafeRawPointer) -> String? {
    pathOfLoadedLibrary(containing: address).flatMap(ofFile)
  }

  /// The file that `address` was loaded from, as the system lists it.
  public static func pathOfLoadedLibrary(containing address: UnsafeRawPointer) -> String? {
    // Not `String(contentsOfFile:)`: of a file whose size is unknown it reads the first page only.
    let list = FileHandle(forReadingAtPath: "/proc/self/maps")
    guard let data = try? list?.readToEnd() else { return nil }
    let maps = String(decoding: data, as: UTF8.self)
    let wanted = UInt(bitPattern: address)
    for line in maps.split(separator: "\n") {
      // 7f0c-7f1d r-xp 00000000 08:01 1234   /path/of the/library.so
      let fields = line.split(separator: " ", maxSplits: 5, omittingEmptySubsequences: true)
      guard let range = fields.first?.split(separator: "-"), range.count == 2, fields.count == 6,
        let low = UInt(range[0], radix: 16), let high = UInt(range[1], radix: 16)
      else { continue }
      if (low..<high).contains(wanted) { return String(fields[5].drop { $0 == " " }) }
    }
    return nil
  }

  /// Walks the program headers of a 64-bit little-endian ELF image to its build-id note.
  private static func note(in file: UnsafeRawBufferPointer) -> String? {
    guard file.count >= 64, file[0] == 0x7f, file[1] == 0x45, file[2] == 0x4c, file[3] == 0x46,
      file[4] == 2, file[5] == 1
    else { return nil }
    let start = read(UInt64.self, file, at: 0x20)
    let size = read(UInt16.self, file, at: 0x36)
    let count = read(UInt16.self, file, at: 0x38)
    guard let start = start.flatMap(Int.init(exactly:)), let size, let count else { return nil }
    for index in 0..<Int(count) {
      let (header, overflow) = start.addingReportingOverflow(index * Int(size))
      guard !overflow else { return nil }
      guard read(UInt32.self, file, at: header) == 4,  // PT_NOTE
        let offset = read(UInt64.self, file, at: header + 8).flatMap(Int.init(exactly:)),
        let length = read(UInt64.self, file, at: header + 32).flatMap(Int.init(exactly:))
      else { continue }
      if let id = buildID(in: file, from: offset, length: length) { return id }
    }
    return nil
  }

  private static func buildID(
    in file: UnsafeRawBufferPointer, from offset: Int, length: Int
  ) -> String? {
    let (end, overflow) = offset.addingReportingOverflow(length)
    guard !overflow, offset >= 0, end <= file.count else { return nil }
    var position = offset
    while position + 12 <= end {
      guard let nameSize = read(UInt32.self, file, at: position),
        let size = read(UInt32.self, file, at: position + 4),
        let type = read(UInt32.self, file, at: position + 8)
      else { return nil }
      let name = position + 12
      let content = name + (Int(nameSize) + 3) / 4 * 4
      guard content + Int(size) <= end else { return nil }
      if type == 3, nameSize == 4, file[name..<(name + 4)].elementsEqual([0x47, 0x4e, 0x55, 0]) {
        return file[content..<(content + Int(size))].map { byte in
          (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
      }
      position = content + (Int(size) + 3) / 4 * 4
    }
    return nil
  }

  private static func read<Value: FixedWidthInteger & BitwiseCopyable>(
    _ type: Value.Type, _ file: UnsafeRawBufferPointer, at offset: Int
  ) -> Value? {
    guard offset >= 0, offset <= file.count - MemoryLayout<Value>.size else { return nil }
    return Value(littleEndian: file.loadUnaligned(fromByteOffset: offset, as: Value.self))
  }
}
