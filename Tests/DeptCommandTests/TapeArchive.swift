import Foundation

/// A tar made by hand, in the ustar format.
enum TapeArchive {
  /// The archive of these files.
  static func data(_ files: KeyValuePairs<String, Data>) -> Data {
    var archive = Data()
    for (name, content) in files {
      archive += header(name, content.count) + content
      archive += Data(count: (512 - content.count % 512) % 512)
    }
    return archive + Data(count: 1024)
  }

  private static func header(_ name: String, _ size: Int) -> Data {
    var block = Data(count: 512)
    func put(_ text: String, _ offset: Int) {
      block.replaceSubrange(offset..<(offset + text.utf8.count), with: Data(text.utf8))
    }
    func octal(_ number: Int, _ digits: Int) -> String {
      let text = String(number, radix: 8)
      return String(repeating: "0", count: digits - text.count) + text
    }
    put(name, 0)
    put(octal(0o644, 7), 100)
    put(octal(0, 7), 108)
    put(octal(0, 7), 116)
    put(octal(size, 11), 124)
    put(octal(0, 11), 136)
    put("        0", 148)
    put("ustar", 257)
    put("00", 263)
    put(octal(block.reduce(0) { $0 + Int($1) }, 6), 148)
    block[154] = 0
    return block
  }
}
