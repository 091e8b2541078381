import Foundation

/// A web server for tests, with faults on request; a class because it owns a socket and a thread.
final class TinyServer: @unchecked Sendable {  // Its lock guards what changes.
  /// How one path is answered.
  struct Page: Sendable {
    var body: Data
    var status = 200
    var knowsRanges = true
    var entityTag: String? = "\"v1\""
    var location: String?
    var headers: [String] = []
    /// The most bytes of an answer to a range, which then says so; `nil`: all that is left.
    var longestRange: Int?
    /// Bytes of the body after which the connection is cut, one for each request; then never.
    var cuts: [Int] = []
  }

  /// A request as it came in.
  struct Request: Sendable, Hashable {
    var path: String
    var headers: [String: String]
  }

  let port: UInt16
  private let listener: Int32
  private let lock = NSLock()
  private var pages: [String: Page]
  private var seen: [Request] = []

  var base: String { "http://127.0.0.1:\(port)" }
  var requests: [Request] { lock.withLock { seen } }

  struct CannotListen: Error {}

  init(_ pages: [String: Page]) throws {
    self.pages = pages
    #if canImport(Darwin)
    let stream = SOCK_STREAM
    #else
    let stream = Int32(SOCK_STREAM.rawValue)
    #endif
    let listener = socket(AF_INET, stream, 0)
    self.listener = listener
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, size) == 0 && getsockname(listener, $0, &size) == 0
      }
    }
    guard bound, listen(listener, 16) == 0 else { throw CannotListen() }
    port = UInt16(bigEndian: address.sin_port)
    let thread = Thread { [listener, weak self] in
      while true {
        let connection = accept(listener, nil, nil)
        guard connection >= 0 else { return }
        guard let self else {
          close(connection)
          return
        }
        self.serve(connection)
        close(connection)
      }
    }
    thread.start()
  }

  deinit {
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
  }

  func replace(_ path: String, _ page: Page) { lock.withLock { pages[path] = page } }

  private func serve(_ connection: Int32) {
    guard let request = read(connection) else { return }
    let page: Page? = lock.withLock {
      seen.append(request)
      guard var page = pages[request.path] else { return nil }
      let answered = page
      if !page.cuts.isEmpty { page.cuts.removeFirst() }
      pages[request.path] = page
      return answered
    }
    guard let page else {
      send(connection, Data("HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnone".utf8))
      return
    }
    var start = 0
    var end = page.body.count
    var status = "\(page.status) Whatever"
    var headers = page.headers
    if page.knowsRanges, let range = request.headers["range"],
      request.headers["if-range"].map({ $0 == page.entityTag }) ?? true,
      let from = Int(range.dropFirst("bytes=".count).prefix(while: \.isNumber))
    {
      if from >= page.body.count {
        send(connection, Data("HTTP/1.1 416 No\r\nContent-Length: 0\r\n\r\n".utf8))
        return
      }
      start = from
      status = "206 Partial Content"
      end = page.longestRange.map { min(from + $0, page.body.count) } ?? page.body.count
      headers.append("Content-Range: bytes \(from)-\(end - 1)/\(page.body.count)")
    }
    if let tag = page.entityTag { headers.append("ETag: \(tag)") }
    if let location = page.location { headers.append("Location: \(location)") }
    headers.append("Content-Length: \(end - start)")
    headers.append("Connection: close")
    send(
      connection,
      Data(("HTTP/1.1 \(status)\r\n" + headers.joined(separator: "\r\n") + "\r\n\r\n").utf8))
    end = page.cuts.first.map { min($0, end) } ?? end
    if start < end { send(connection, page.body[start..<end]) }
  }

  private func read(_ connection: Int32) -> Request? {
    var text = Data()
    var buffer = [UInt8](repeating: 0, count: 4096)
    while text.range(of: Data("\r\n\r\n".utf8)) == nil {
      let count = recv(connection, &buffer, buffer.count, 0)
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
    return Request(path: String(words[1]), headers: headers)
  }

  private func send(_ connection: Int32, _ data: Data) {
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
        return Foundation.send(connection, base + sent, buffer.count - sent, flags)
      }
      guard count > 0 else { return }
      sent += count
    }
  }
}
