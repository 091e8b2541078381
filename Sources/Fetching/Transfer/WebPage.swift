import Foundation

/// Recognises a page for people in place of a file: of a login, of an expired link, of a portal.
enum WebPage {
  /// How many bytes at the start of a file tell.
  static let sample = 512

  /// Whether a content type is that of a page.
  static func isType(_ contentType: String?) -> Bool {
    guard let kind = contentType?.split(separator: ";").first else { return false }
    let name = kind.trimmingCharacters(in: .whitespaces).lowercased()
    return name == "text/html" || name == "application/xhtml+xml"
  }

  /// Whether bytes are the start of a page.
  static func isStart(_ bytes: some Collection<UInt8>) -> Bool {
    var rest = Array(bytes.prefix(sample))[...]
    if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
    rest = rest.drop { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
    let text = String(decoding: rest.prefix(16), as: UTF8.self).lowercased()
    return text.hasPrefix("<!doctype html") || text.hasPrefix("<html")
  }

  /// Whether a file starts as a page.
  static func isStart(of file: URL) -> Bool {
    guard let handle = try? FileHandle(forReadingFrom: file) else { return false }
    defer { try? handle.close() }
    return (try? handle.read(upToCount: sample)).flatMap { $0 }.map { isStart($0) } ?? false
  }

  /// Whether a file of this name is meant to be a page.
  static func isWanted(_ name: String) -> Bool {
    let name = name.lowercased()
    return [".html", ".htm", ".xhtml"].contains { name.hasSuffix($0) }
  }
}
