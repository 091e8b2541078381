import Foundation

/// One connection of a client to a `TinyServer`; a class because it closes what it was given.
final class ServedConnection {
  private let descriptor: Int32

  init(_ descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  /// What is asked for; `nil` where the client has gone.
  func request() -> ServedRequest? {
    var text = Data()
    var buffer = [UInt8](repeating: 0, count: 4096)
    while text.range(of: Data("\r\n\r\n".utf8)) == nil {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      guard count > 0 else { return nil }
      text.append(contentsOf: buffer[..<count])
    }
    let lines = String(decoding: text, as: UTF8.self).components(separatedBy: "\r\n")
    let words = lines[0].split(separator: " ")
    guard words.count == 3 else { return nil }
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { continue }
      headers[line[..<colon].lowercased()] = line[line.index(after: colon)...]
        .trimmingCharacters(in: .whitespaces)
    }
    return ServedRequest(path: String(words[1]), headers: headers)
  }

  /// Sends the page, or the part of it that is asked for.
  func answer(_ request: ServedRequest, with page: ServedPage?) {
    guard let page else { return sendHead("404 Not Found", ["Content-Length: 4"], then: "none") }
    switch page.failures.first {
    case .closed: return
    case .status(let status, let headers):
      return sendHead("\(status) Whatever", headers + ["Content-Length: 4"], then: "busy")
    case nil: break
    }
    var start = 0
    var end = page.body.count
    var status = "\(page.status) Whatever"
    var headers = page.headers
    if page.knowsRanges, let range = request.headers["range"],
      request.headers["if-range"].map({ $0 == page.entityTag }) ?? true,
      let from = Int(range.dropFirst("bytes=".count).prefix(while: \.isNumber))
    {
      if from >= page.body.count { return sendHead("416 No", ["Content-Length: 0"]) }
      start = from
      status = "206 Partial Content"
      end = page.longestRange.map { min(from + $0, page.body.count) } ?? page.body.count
      headers.append("Content-Range: bytes \(from)-\(end - 1)/\(page.body.count)")
    }
    if let tag = page.entityTag { headers.append("ETag: \(tag)") }
    if let location = page.location { headers.append("Location: \(location)") }
    headers.append(
      page.isChunked
        ? "Transfer-Encoding: chunked"
        : "Content-Length: \(page.announcedLength ?? (end - start))")
    sendHead(status, headers)
    let stop = [page.cuts.first, page.barrier].compactMap { $0 }.reduce(end) { min($0, $1) }
    sendBody(page.body, start..<max(start, stop), page, isWhole: stop == end)
  }

  private func sendHead(_ status: String, _ headers: [String], then body: String = "") {
    let lines = ["HTTP/1.1 \(status)"] + headers + ["Connection: close", "", body]
    _ = send(Data(lines.joined(separator: "\r\n").utf8))
  }

  private func sendBody(_ body: Data, _ range: Range<Int>, _ page: ServedPage, isWhole: Bool) {
    var place = range.lowerBound
    while place < range.upperBound {
      let next = min(place + 16384, range.upperBound)
      let piece = body[body.startIndex + place..<body.startIndex + next]
      let size = Data("\(String(next - place, radix: 16))\r\n".utf8)
      guard send(page.isChunked ? size + piece + Data("\r\n".utf8) : Data(piece)) else { return }
      place = next
      if page.pause > 0, place < range.upperBound { Thread.sleep(forTimeInterval: page.pause) }
    }
    if page.isChunked, isWhole { _ = send(Data("0\r\n\r\n".utf8)) }
  }

  /// Whether all of it was taken.
  private func send(_ data: Data) -> Bool {
    #if canImport(Darwin)
    let flags: Int32 = 0
    #else
    let flags = Int32(MSG_NOSIGNAL)
    #endif
    var sent = 0
    let bytes = [UInt8](data)
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes { buffer -> Int in
        guard let base = buffer.baseAddress else { return -1 }
        return Foundation.send(descriptor, base + sent, buffer.count - sent, flags)
      }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }
}
