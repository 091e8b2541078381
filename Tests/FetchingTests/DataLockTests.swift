import Datasets
import DeptTesting
import Foundation
import Testing

@testable import Fetching

@Suite struct DataLockTests {
  static let hash = String(repeating: "ab", count: 32)
  static let lock = DataLock(files: [
    "https://b.org/x": DataLock.Entry(bytes: 7, sha256: hash),
    "https://a.org/\"y\"": DataLock.Entry(bytes: 0, sha256: hash),
  ])

  @Test("a lock is JSON with one line a file, sorted, and is read back")
  func text() throws {
    #expect(
      Self.lock.text == """
        {
          "format": 1,
          "files": {
            "https://a.org/\\"y\\"": {"bytes": 0, "sha256": "\(Self.hash)"},
            "https://b.org/x": {"bytes": 7, "sha256": "\(Self.hash)"}
          }
        }

        """)
    #expect(try DataLock(Self.lock.text) == Self.lock)
    #expect(try DataLock(DataLock().text) == DataLock())
    let squeezed = Self.lock.text.filter { !$0.isWhitespace }
    #expect(try DataLock(squeezed).files["https://b.org/x"]?.bytes == 7)
  }

  @Test("a damaged lock is told with its line")
  func damage() throws {
    let lines = Self.lock.text.split(separator: "\n", omittingEmptySubsequences: false)
    func expect(_ line: Int, _ change: (inout [Substring]) -> Void) {
      var changed = lines
      change(&changed)
      let error = #expect(throws: DataLock.Damage.self) {
        try DataLock(changed.joined(separator: "\n"))
      }
      #expect(error?.line == line, "\(String(describing: error))")
    }
    expect(4) { $0[3].removeLast() }
    expect(6) {
      $0[4].append(",")
      $0.insert($0[4].dropLast(), at: 5)
    }
    expect(5) { $0[4] = "    garbage" }
    expect(5) { $0[4].replace("7", with: "-7") }
    expect(5) { $0[4].replace("ab\"", with: "AB\"") }
    expect(2) { $0[1] = "  \"format\": 2," }
    expect(5) { $0.insert("<<<<<<< HEAD", at: 4) }
    expect(1) { $0 = [""] }
    let folder = try TemporaryFolder()
    let file = DataLockFile(try folder.write("{}", to: "data.lock"))
    let error = #expect(throws: FetchError.self) { try file.read() }
    let text = "\(try #require(error))"
    #expect(text.hasPrefix("\(file.url.path):1: it is no lock of data"))
    #expect(text.contains("restore it with git, or delete it"))
  }

  @Test("the first hash is trusted, and a file that changes is refused with both until accepted")
  func trust() throws {
    let server = try TinyServer(["/e.org/a": ServedPage(body: Data("old".utf8))])
    let folder = try TemporaryFolder()
    var fetcher = Fetcher(cache: folder.url, mirror: Mirror(server.base))
    let lock = DataLockFile(folder.url.appending(path: "experiments/data.lock"))
    fetcher.lock = lock
    let files = [RemoteFile("https://e.org/a", .plain)]
    let old = try fetcher.fetch("x", files).sources[0].sha256
    #expect(try lock.read().files == ["https://e.org/a": .init(bytes: 3, sha256: old)])
    #expect(try fetcher.fetch("x", files).outcome == .present)

    server.replace("/e.org/a", ServedPage(body: Data("new!".utf8), entityTag: "\"v2\""))
    let again = FetchOrder("x", files, replacing: true, renewing: ["https://e.org/a"])
    let error = #expect(throws: FetchError.self) { try fetcher.fetch(again) }
    guard case .changed(let change) = try #require(error) else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(change.known == old && change.found != old && change.lock == lock.url.path)
    #expect("\(try #require(error))".contains("dept fetch x --accept-changes"))
    #expect(try String(contentsOf: folder.url.appending(path: "x/a"), encoding: .utf8) == "old")
    #expect(
      FileWalk.files(below: folder.url.appending(path: ".downloads")).allSatisfy {
        $0.url.pathExtension == "lock"
      })

    fetcher.acceptsChanges = true
    #expect(try fetcher.fetch(again).changed == ["https://e.org/a"])
    #expect(try lock.read().files["https://e.org/a"]?.sha256 == change.found)
    #expect(try String(contentsOf: folder.url.appending(path: "x/a"), encoding: .utf8) == "new!")
  }

  @Test("content that was made of other files than the lock knows is told")
  func outdated() throws {
    let mirror = try TemporaryFolder()
    try mirror.write("here", to: "e.org/a")
    let folder = try TemporaryFolder()
    let files = [RemoteFile("https://e.org/a", .plain)]
    var fetcher = Fetcher(cache: folder.url, mirror: .directory(mirror.url))
    _ = try fetcher.fetch("x", files)
    let lock = DataLockFile(folder.url.appending(path: "data.lock"))
    fetcher.lock = lock
    // What is here already is trusted as well, where nothing is known yet.
    #expect(try fetcher.fetch("x", files).outcome == .present)
    #expect(try lock.read().files.count == 1)
    try Data(
      DataLock(files: ["https://e.org/a": .init(bytes: 4, sha256: Self.hash)]).text.utf8
    ).write(to: lock.url)
    let error = #expect(throws: FetchError.self) { try fetcher.fetch("x", files) }
    guard case .outdated = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect("\(try #require(error))".contains("dept fetch x --again"))
  }

  @Test("many that write at once lose nothing")
  func atOnce() throws {
    let folder = try TemporaryFolder()
    let file = DataLockFile(folder.url.appending(path: "data.lock"))
    let results = ParallelWork.map(24, width: 8) { index in
      Result { () throws(FetchError) in
        try file.record(
          [.init(url: "https://e.org/\(index)", bytes: index, sha256: Self.hash)], for: "x",
          acceptingChanges: false)
      }
    }
    for result in results { try result.get() }
    #expect(try file.read().files.count == 24)
  }

  @Test("a kept download that the lock does not know is downloaded again")
  func staleDownload() throws {
    let body = Data("right".utf8)
    let server = try TinyServer(["/e.org/a": ServedPage(body: body)])
    let folder = try TemporaryFolder()
    try folder.write("wrong", to: ".downloads/e.org/a")
    var digest = FileDigest()
    body.withUnsafeBytes { digest.update($0) }
    let lock = folder.url.appending(path: "data.lock")
    try Data(
      DataLock(files: ["https://e.org/a": .init(bytes: 5, sha256: digest.sha256)]).text.utf8
    ).write(to: lock)
    var fetcher = Fetcher(cache: folder.url, mirror: Mirror(server.base))
    fetcher.lock = DataLockFile(lock)
    _ = try fetcher.fetch("x", [RemoteFile("https://e.org/a", .plain)])
    #expect(try Data(contentsOf: folder.url.appending(path: "x/a")) == body)
  }
}
