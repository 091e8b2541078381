import CCurl
import Foundation

/// What the header lines of an HTTP response say that a download needs.
struct ResponseHeader {
  var status = 0
  /// A strong entity tag or a modification time: names this version of the file.
  var validator: String?
  /// The first byte of a partial answer.
  var rangeStart: Int?
  /// The bytes of the whole file, as a partial answer tells.
  var rangeTotal: Int?
  /// The bytes of the answer's body.
  var length: Int?
  /// The pause the server asks for, in seconds.
  var retryAfter: Double?
  /// Such as `text/html; charset=utf-8`.
  var contentType: String?
  /// The SHA-256 that Hugging Face names for a large file, on the way to where it is stored.
  var linkedSHA256: String?

  /// Takes in one line; a status line starts a new response.
  mutating func read(_ line: String) {
    if line.hasPrefix("HTTP/") {
      let linked = linkedSHA256
      self = ResponseHeader()
      linkedSHA256 = linked
      status = line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
      return
    }
    guard let colon = line.firstIndex(of: ":") else { return }
    let value = line[line.index(after: colon)...].trimmingPrefix(while: \.isWhitespace)
    let text = String(value.prefix { !$0.isNewline })
    switch line[..<colon].lowercased() {
    case "etag" where !text.hasPrefix("W/"): validator = text
    case "last-modified" where validator == nil: validator = text
    case "content-length": length = Int(text)
    case "content-range":
      // `bytes 5000-10239/10240`
      let range = text.split(separator: " ").last?.split(separator: "/") ?? []
      rangeStart = range.first?.split(separator: "-").first.flatMap { Int($0) }
      rangeTotal = range.count == 2 ? Int(range[1]) : nil
    case "retry-after": retryAfter = ResponseHeader.pause(text, now: .now)
    case "content-type": contentType = text
    case "x-linked-etag":
      let tag = text.filter { $0 != "\"" }
      if tag.count == 64, tag.allSatisfy(\.isHexDigit) { linkedSHA256 = tag.lowercased() }
    default: break
    }
  }

  /// The seconds until the moment that a `Retry-After` names: a number of seconds, or a date such
  /// as `Wed, 21 Oct 2026 07:28:00 GMT`.
  static func pause(_ text: String, now: Date) -> Double? {
    let text = text.trimmingCharacters(in: .whitespaces)
    if let seconds = Double(text) { return seconds.isFinite ? max(0, seconds) : nil }
    let moment = curl_getdate(text, nil)
    guard moment >= 0 else { return nil }
    return max(0, Double(moment) - now.timeIntervalSince1970)
  }
}
