import Datasets
import DeptTesting
import Foundation
import Testing

@testable import Fetching

/// What servers do that they should not.
@Suite struct ServerFaultTests {
  static let file = RemoteFile("https://e.org/a.bin", .plain)
  static let body = Data((0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) })

  @Test("a server that is busy or broken for a while is asked again")
  func busy() throws {
    let moment = DateFormatter()
    moment.locale = Locale(identifier: "en_US_POSIX")
    moment.timeZone = TimeZone(identifier: "GMT")
    moment.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
    let date = moment.string(from: .now)
    var page = ServedPage(body: Self.body)
    page.failures = [
      .status(429, headers: ["Retry-After: 0"]), .status(429, headers: ["Retry-After: \(date)"]),
      .status(500), .closed, .status(503),
    ]
    try expectWhole(page, requests: 6)
  }

  @Test("a pause is asked for in seconds or as a date")
  func retryAfter() {
    let now = Date(timeIntervalSince1970: 1_445_412_480)
    func pause(_ text: String) -> Double? { ResponseHeader.pause(text, now: now) }
    #expect(pause("120") == 120 && pause("0") == 0 && pause("-3") == 0)
    #expect(pause("Wed, 21 Oct 2015 07:29:00 GMT") == 60)
    #expect(pause("Wednesday, 21-Oct-15 07:29:00 GMT") == 60)
    #expect(pause("Wed, 21 Oct 2015 07:00:00 GMT") == 0)
    #expect(pause("soon") == nil && pause("") == nil && pause("nan") == nil)
  }

  @Test("a wait that nobody would wait for is an error with the wait")
  func longWait() throws {
    let server = try server(
      ServedPage(body: Self.body, failures: [.status(429, headers: ["Retry-After: 3600"])]))
    let folder = try TemporaryFolder()
    #expect(
      throws: FetchError.asksToWait(url: "\(server.base)/e.org/a.bin", seconds: 3600)
    ) { try fetcher(folder, server).fetch("x", [Self.file]) }
    #expect(server.requests.count == 1)
  }

  @Test("redirects are followed, a circle of them is not")
  func redirects() throws {
    let circle = ServedPage(status: 302, location: "/e.org/a.bin")
    let server = try server(circle)
    let folder = try TemporaryFolder()
    let error = #expect(throws: FetchError.self) {
      try fetcher(folder, server).fetch("x", [Self.file])
    }
    guard case .network = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(server.requests.count <= 11)
  }

  @Test("a body in chunks, a slow one, and one that is cut in all places arrive whole")
  func bodies() throws {
    try expectWhole(ServedPage(body: Self.body, isChunked: true), requests: 1)
    try expectWhole(ServedPage(body: Self.body, pause: 0.01), requests: 1)
    try expectWhole(ServedPage(body: Self.body, cuts: [1, 2, 50_000, 99_999]), requests: 5)
    var chunks = ServedPage(body: Self.body, cuts: [20_000])
    chunks.isChunked = true
    try expectWhole(chunks, requests: 2)
  }

  @Test("a length that is not true is no whole file")
  func wrongLength() throws {
    let folder = try TemporaryFolder()
    let longer = try server(ServedPage(body: Self.body, announcedLength: Self.body.count + 10))
    #expect(throws: FetchError.self) { try fetcher(folder, longer).fetch("x", [Self.file]) }
    expectNothing(folder)
    let archive = try TestArchive.data([.init(path: "a", text: "text")], .zip)
    let zip = RemoteFile("https://e.org/a.bin", .archive)
    let shorter = try server(ServedPage(body: archive, announcedLength: 40))
    let error = #expect(throws: FetchError.self) {
      try fetcher(folder, shorter).fetch("x", [zip])
    }
    guard case .corrupt = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    expectNothing(folder)
  }

  @Test("a server that never gets past a byte is given up, and what has arrived is kept")
  func barrier() throws {
    let server = try server(ServedPage(body: Self.body, barrier: 70_000))
    let folder = try TemporaryFolder()
    #expect(throws: FetchError.self) { try fetcher(folder, server).fetch("x", [Self.file]) }
    #expect(server.requests.count == 3)
    expectNothing(folder)
    server.replace("/e.org/a.bin", ServedPage(body: Self.body))
    _ = try fetcher(folder, server).fetch("x", [Self.file])
    #expect(server.requests.last?.headers["range"] == "bytes=70000-")
    #expect(try Data(contentsOf: folder.url.appending(path: "x/a.bin")) == Self.body)
  }

  @Test("a file that changes between two attempts is never made of both")
  func changing() throws {
    let other = Data(Self.body.reversed())
    let folder = try TemporaryFolder()
    let server = try server(ServedPage(body: Self.body, cuts: [60_000]))
    var impatient = fetcher(folder, server)
    impatient.policy = RetryPolicy(attempts: 1)
    #expect(throws: FetchError.self) { try impatient.fetch("x", [Self.file]) }
    server.replace("/e.org/a.bin", ServedPage(body: other, entityTag: "\"v2\""))
    _ = try fetcher(folder, server).fetch("x", [Self.file])
    #expect(try Data(contentsOf: folder.url.appending(path: "x/a.bin")) == other)
    // Without a name of the version nothing is continued.
    server.replace(
      "/e.org/a.bin", ServedPage(body: Self.body, entityTag: nil, cuts: [60_000]))
    _ = try fetcher(folder, server).fetch(
      FetchOrder("x", [Self.file], replacing: true, renewing: [Self.file.url]))
    #expect(server.requests.suffix(2).allSatisfy { $0.headers["range"] == nil })
    #expect(try Data(contentsOf: folder.url.appending(path: "x/a.bin")) == Self.body)
  }

  @Test("a compressed file is kept as it is, whatever the server calls its encoding")
  func contentEncoding() throws {
    let gzip = try TestArchive.data([.init(path: "a", text: "hello\n")], .gzip)
    let server = try TinyServer([
      "/e.org/a.txt.gz": ServedPage(body: gzip, headers: ["Content-Encoding: gzip"])
    ])
    let folder = try TemporaryFolder()
    let report = try fetcher(folder, server)
      .fetch("x", [RemoteFile("https://e.org/a.txt.gz", .gzip)])
    #expect(report.sources[0].bytes == gzip.count)
    let text = try String(contentsOf: folder.url.appending(path: "x/a.txt"), encoding: .utf8)
    #expect(text == "hello\n")
  }

  static let pages: [ServedPage] = [
    ServedPage(body: Data("please log in".utf8), headers: ["Content-Type: text/html; charset=x"]),
    ServedPage(body: Data("\u{FEFF}\r\n <!DOCTYPE html><p>moved".utf8)),
    ServedPage(body: Data("<HTML>\(String(repeating: "x", count: 50_000))".utf8), isChunked: true),
  ]

  @Test(
    "a web page in place of a file is refused, and nothing of it is kept", arguments: [0, 1, 2])
  func webPage(_ index: Int) throws {
    let server = try server(Self.pages[index])
    let folder = try TemporaryFolder()
    #expect(throws: FetchError.webPage(place: "\(server.base)/e.org/a.bin")) {
      try fetcher(folder, server).fetch("x", [Self.file])
    }
    #expect(server.requests.count == 1)
    expectNothing(folder)
    let left = FileWalk.files(below: folder.url.appending(path: ".downloads"))
    #expect(left.allSatisfy { $0.url.pathExtension == "lock" }, "\(left)")
  }

  @Test("a part that is the start of a web page does not become a file; a wanted page does")
  func partOfWebPage() throws {
    let page = Data("<!doctype html>\(String(repeating: "y", count: 2000))".utf8)
    let server = try server(ServedPage(body: page))
    let folder = try TemporaryFolder()
    try folder.write("<!doctype html>", to: ".downloads/e.org/a.bin.part")
    try folder.write("\"v1\"", to: ".downloads/e.org/a.bin.part.version")
    #expect(throws: FetchError.self) { try fetcher(folder, server).fetch("x", [Self.file]) }
    #expect(
      !FileManager.default.fileExists(
        atPath: folder.url.appending(path: ".downloads/e.org/a.bin.part").path))
    let wanted = RemoteFile("https://e.org/a.bin", .plain, name: "a.html")
    #expect(try fetcher(folder, server).fetch("x", [wanted]).outcome == .fetched)
  }

  @Test("a web page in a directory mirror is refused as well")
  func webPageInMirror() throws {
    let mirror = try TemporaryFolder()
    let file = try mirror.write("<html>", to: "e.org/a.bin")
    let folder = try TemporaryFolder()
    #expect(throws: FetchError.webPage(place: file.path)) {
      try Fetcher(cache: folder.url, mirror: .directory(mirror.url)).fetch("x", [Self.file])
    }
  }

  @Test("a page that was kept at an earlier time is not used, and certificates can be named")
  func keptPageAndCertificates() throws {
    let server = try server(ServedPage(body: Self.body))
    let folder = try TemporaryFolder()
    try folder.write("<html>", to: ".downloads/e.org/a.bin")
    _ = try fetcher(folder, server).fetch("x", [Self.file])
    #expect(try Data(contentsOf: folder.url.appending(path: "x/a.bin")) == Self.body)
    var secure = Fetcher(
      cache: folder.url, mirror: Mirror("https://127.0.0.1:\(server.port)"))
    secure.authorities.file = folder.url.appending(path: "none.pem").path
    let error = #expect(throws: FetchError.self) { try secure.fetch("y", [Self.file]) }
    #expect("\(try #require(error))".contains("CURL_CA_BUNDLE"), "\(String(describing: error))")
  }

  private func server(_ page: ServedPage) throws -> TinyServer {
    try TinyServer(["/e.org/a.bin": page])
  }

  private func fetcher(_ folder: TemporaryFolder, _ server: TinyServer) -> Fetcher {
    var fetcher = Fetcher(cache: folder.url, mirror: Mirror(server.base))
    fetcher.policy = RetryPolicy(attempts: 3, firstPause: 0.001)
    return fetcher
  }

  private func expectWhole(_ page: ServedPage, requests: Int) throws {
    let server = try server(page)
    let folder = try TemporaryFolder()
    var fetcher = fetcher(folder, server)
    fetcher.policy.attempts = 6
    _ = try fetcher.fetch("x", [Self.file])
    #expect(try Data(contentsOf: folder.url.appending(path: "x/a.bin")) == Self.body)
    #expect(server.requests.count == requests)
  }

  private func expectNothing(_ folder: TemporaryFolder) {
    #expect(!FileManager.default.fileExists(atPath: folder.url.appending(path: "x").path))
  }
}
