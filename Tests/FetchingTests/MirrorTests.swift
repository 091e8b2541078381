import Datasets
import DeptTesting
import Foundation
import Testing

@testable import Fetching

@Suite struct MirrorTests {
  static let file = RemoteFile("https://example.org/a/b.txt", .plain)

  @Test("an address is a server, another text a directory, no text nothing")
  func parsing() {
    #expect(Mirror("http://127.0.0.1:8000/") == .server("http://127.0.0.1:8000"))
    #expect(Mirror("../mirror") == .directory(URL(filePath: "../mirror/")))
    #expect(
      Mirror("file:///a/my%20mirror").place(of: "https://e.org/x").path == "/a/my mirror/e.org/x")
    #expect(Mirror("") == .none && Mirror(nil) == .none)
  }

  @Test("a directory mirror is read in place, offline as well, and left as it is")
  func directory() throws {
    let mirror = try TemporaryFolder()
    let original = try mirror.write("hello", to: "example.org/a/b.txt")
    let folder = try TemporaryFolder()
    let fetcher = Fetcher(cache: folder.url, mirror: Mirror(mirror.url.path), offline: true)
    #expect(try fetcher.fetch("x", [Self.file]).outcome == .fetched)
    #expect(try Data(contentsOf: folder.url.appending(path: "x/b.txt")) == Data("hello".utf8))
    #expect(FileManager.default.fileExists(atPath: original.path))
    let other = RemoteFile("https://example.org/c", .plain)
    #expect(
      throws: FetchError.notInMirror(
        path: mirror.url.appending(path: "example.org/c").path, url: other.url)
    ) { try fetcher.fetch("y", [other]) }
  }

  @Test("offline, nothing is asked for, and what is in the cache is used")
  func offline() throws {
    let server = try TinyServer(["/example.org/a/b.txt": .init(body: Data("hello".utf8))])
    let folder = try TemporaryFolder()
    let fetcher = Fetcher(cache: folder.url, mirror: Mirror(server.base), offline: true)
    #expect(throws: FetchError.offline(url: Self.file.url)) { try fetcher.fetch("x", [Self.file]) }
    #expect(server.requests.isEmpty)
    _ = try Fetcher(cache: folder.url, mirror: Mirror(server.base)).fetch("x", [Self.file])
    #expect(try fetcher.fetch("x", [Self.file]).outcome == .present)
  }

  @Test("a damaged archive in a directory mirror is named and not deleted")
  func damaged() throws {
    let mirror = try TemporaryFolder()
    let archive = try mirror.write("PK?", to: "example.org/a.zip")
    let folder = try TemporaryFolder()
    let error = #expect(throws: FetchError.self) {
      try Fetcher(cache: folder.url, mirror: .directory(mirror.url))
        .fetch("x", [RemoteFile("https://example.org/a.zip", .archive)])
    }
    let text = "\(try #require(error))"
    #expect(text.hasPrefix(archive.path) && text.hasSuffix("replace it in the mirror"))
    #expect(FileManager.default.fileExists(atPath: archive.path))
  }

  @Test(
    "python's own server, which knows no ranges, serves a mirror",
    .enabled(if: PythonServer.isAvailable, "needs python3"))
  func python() throws {
    let mirror = try TemporaryFolder()
    try mirror.write(String(repeating: "hello ", count: 100_000), to: "example.org/a/b.txt")
    let server = try PythonServer(serving: mirror.url)
    defer { server.stop() }
    let folder = try TemporaryFolder()
    let report = try Fetcher(cache: folder.url, mirror: Mirror(server.base))
      .fetch("x", [Self.file])
    #expect(report.sources.map(\.bytes) == [600_000])
  }
}

extension Mirror.Place {
  /// The path of a file; `nil` for an address.
  fileprivate var path: String? {
    if case .file(let file) = self { file.path } else { nil }
  }
}
