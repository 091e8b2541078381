import Datasets
import DeptTesting
import Evaluation
import Foundation
import Testing

@testable import Fetching

@Suite struct FetcherTests {
  static let rte = [
    TestArchive.Entry(path: "RTE/train.tsv", text: table(9)),
    TestArchive.Entry(path: "RTE/dev.tsv", text: table(4)),
  ]
  static let path = "/dl.fbaipublicfiles.com/glue/data/RTE.zip"

  @Test("a data set is downloaded, unpacked and loaded; the second time nothing is asked for")
  func full() throws {
    let archive = try TestArchive.data(Self.rte, .zip)
    let server = try TinyServer([Self.path: ServedPage(body: archive)])
    let folder = try TemporaryFolder()
    let fetcher = fetcher(folder, server)
    let report = try fetcher.fetch(RTE())
    #expect(report.outcome == .fetched && report.changed.isEmpty)
    #expect(report.sources.map(\.bytes) == [archive.count])
    #expect(report.sources.map(\.sha256) == [sha256(archive)])
    let prepared = try RTE().load(from: folder.url)
    #expect(Split.allCases.map { prepared[$0].count } == [9, 2, 2])
    #expect(try fetcher.fetch(RTE()).outcome == .present)
    #expect(server.requests.count == 1)
    try FileManager.default.removeItem(at: folder.url.appending(path: "rte/RTE/dev.tsv"))
    #expect(try fetcher.fetch(RTE()).outcome == .fetched)
    #expect(server.requests.count == 1, "the download was kept")
    #expect(hiddenLeftovers(folder).isEmpty)
  }

  @Test("a cut-off download is continued where it stopped, within one fetch and in the next")
  func resume() throws {
    let archive = try TestArchive.data(Self.rte, .zip)
    let server = try TinyServer([
      Self.path: ServedPage(body: archive, cuts: [100, 200, 250, 260])
    ])
    let folder = try TemporaryFolder()
    var impatient = fetcher(folder, server)
    impatient.policy = RetryPolicy(attempts: 1)
    let error = #expect(throws: FetchError.self) { try impatient.fetch(RTE()) }
    guard case .network = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    let part = folder.url.appending(path: ".downloads\(Self.path).part")
    #expect(FileManager.default.size(of: part) == 100)
    let report = try fetcher(folder, server).fetch(RTE())
    #expect(report.sources.map(\.sha256) == [sha256(archive)])
    #expect(
      server.requests.map { $0.headers["range"] } == [
        nil, "bytes=100-", "bytes=200-", "bytes=250-", "bytes=260-",
      ])
    #expect(!FileManager.default.fileExists(atPath: part.path))
  }

  @Test("a server that always cuts at the same place is given up")
  func stuck() throws {
    let archive = try TestArchive.data(Self.rte, .zip)
    var page = ServedPage(body: archive, cuts: Array(repeating: 100, count: 50))
    page.knowsRanges = false
    let server = try TinyServer([Self.path: page])
    let folder = try TemporaryFolder()
    #expect(throws: FetchError.self) { try fetcher(folder, server).fetch(RTE()) }
    #expect(server.requests.count <= 4)
  }

  @Test("a partial answer that ends before the file does is no whole file")
  func shortRange() throws {
    let archive = try TestArchive.data(Self.rte, .zip)
    var page = ServedPage(body: archive, cuts: [100])
    page.longestRange = 90
    let server = try TinyServer([Self.path: page])
    let folder = try TemporaryFolder()
    let report = try fetcher(folder, server).fetch(RTE())
    #expect(report.sources.map(\.sha256) == [sha256(archive)])
    #expect(server.requests.count == 2 + (archive.count - 101) / 90)
  }

  @Test("a part of an older version, or a server without ranges, starts over")
  func startOver() throws {
    let archive = try TestArchive.data(Self.rte, .zip)
    for page in [
      ServedPage(body: archive, entityTag: "\"v2\""),
      ServedPage(body: archive, knowsRanges: false),
    ] {
      var old = ServedPage(body: Data(repeating: 7, count: archive.count + 50), cuts: [150])
      old.knowsRanges = page.knowsRanges
      let server = try TinyServer([Self.path: old])
      let folder = try TemporaryFolder()
      var impatient = fetcher(folder, server)
      impatient.policy = RetryPolicy(attempts: 1)
      #expect(throws: FetchError.self) { try impatient.fetch(RTE()) }
      server.replace(Self.path, page)
      #expect(try fetcher(folder, server).fetch(RTE()).sources.map(\.sha256) == [sha256(archive)])
    }
  }

  @Test("a part that is as long as the file, or longer, is thrown away")
  func tooLongPart() throws {
    let archive = try TestArchive.data(Self.rte, .zip)
    let server = try TinyServer([Self.path: ServedPage(body: archive)])
    let folder = try TemporaryFolder()
    let part = ".downloads\(Self.path).part"
    try folder.write(String(repeating: "x", count: archive.count + 1), to: part)
    try folder.write("\"v1\"", to: part + ".version")
    #expect(try fetcher(folder, server).fetch(RTE()).sources.map(\.sha256) == [sha256(archive)])
  }

  @Test("a missing file is an answer, a busy server is asked again")
  func statuses() throws {
    let archive = try TestArchive.data(Self.rte, .zip)
    let server = try TinyServer([:])
    let folder = try TemporaryFolder()
    let url = "\(server.base)\(Self.path)"
    #expect(throws: FetchError.http(status: 404, url: url)) {
      try fetcher(folder, server).fetch(RTE())
    }
    #expect(server.requests.count == 1)
    server.replace(Self.path, ServedPage(body: Data("busy".utf8), status: 503))
    #expect(throws: FetchError.http(status: 503, url: url)) {
      try fetcher(folder, server).fetch(RTE())
    }
    #expect(server.requests.count == 4)
    server.replace(
      Self.path, ServedPage(body: Data(), status: 302, location: "\(server.base)/elsewhere"))
    server.replace("/elsewhere", ServedPage(body: archive))
    #expect(try fetcher(folder, server).fetch(RTE()).outcome == .fetched)
  }

  @Test("a file with another SHA-256 than the expected one is not used")
  func wrongHash() throws {
    let server = try TinyServer(["/example.org/a": ServedPage(body: Data("abc".utf8))])
    let folder = try TemporaryFolder()
    let file = RemoteFile(
      "https://example.org/a", .plain, sha256: String(repeating: "0", count: 64))
    #expect(
      throws: FetchError.checksum(
        url: file.url, expected: String(repeating: "0", count: 64),
        found: sha256(Data("abc".utf8)))
    ) { try fetcher(folder, server).fetch("x", [file]) }
    #expect(!FileManager.default.fileExists(atPath: folder.url.appending(path: "x").path))
    let right = RemoteFile("https://example.org/a", .plain, sha256: sha256(Data("abc".utf8)))
    _ = try fetcher(folder, server).fetch("x", [right])
    #expect(try Data(contentsOf: folder.url.appending(path: "x/a")) == Data("abc".utf8))
  }

  @Test("a file that has changed on the server is named")
  func changed() throws {
    let server = try TinyServer([
      Self.path: ServedPage(body: try TestArchive.data(Self.rte, .zip))
    ])
    let folder = try TemporaryFolder()
    _ = try fetcher(folder, server).fetch(RTE())
    let longer = Self.rte + [TestArchive.Entry(path: "RTE/new", text: "x")]
    server.replace(Self.path, ServedPage(body: try TestArchive.data(longer, .zip)))
    let report = try fetcher(folder, server).fetch(RTE(), again: true)
    #expect(report.changed == ["https://dl.fbaipublicfiles.com/glue/data/RTE.zip"])
    #expect(FileManager.default.fileExists(atPath: folder.url.appending(path: "rte/RTE/new").path))
  }

  @Test("a damaged archive from an earlier time is downloaded again, once")
  func damagedCache() throws {
    let server = try TinyServer([
      Self.path: ServedPage(body: try TestArchive.data(Self.rte, .zip))
    ])
    let folder = try TemporaryFolder()
    try folder.write("PK not a zip", to: ".downloads\(Self.path)")
    #expect(try fetcher(folder, server).fetch(RTE()).outcome == .fetched)
    #expect(server.requests.count == 1)
  }

  @Test("a damaged archive on the server is an error, and the data that were there stay")
  func damagedServer() throws {
    let server = try TinyServer([
      Self.path: ServedPage(body: try TestArchive.data(Self.rte, .zip))
    ])
    let folder = try TemporaryFolder()
    _ = try fetcher(folder, server).fetch(RTE())
    let whole = try TestArchive.data(Self.rte, .zip)
    server.replace(Self.path, ServedPage(body: whole.prefix(whole.count / 2)))
    let error = #expect(throws: FetchError.self) {
      try fetcher(folder, server).fetch(RTE(), again: true)
    }
    #expect("\(try #require(error))".hasSuffix("run the same command again to fetch it anew"))
    #expect(try RTE().load(from: folder.url)[.train].count == 9)
    #expect(hiddenLeftovers(folder).isEmpty)
  }

  @Test("an archive without what the data set needs is not used")
  func incomplete() throws {
    let archive = try TestArchive.data([Self.rte[0]], .zip)
    let server = try TinyServer([Self.path: ServedPage(body: archive)])
    let folder = try TemporaryFolder()
    let error = #expect(throws: FetchError.self) { try fetcher(folder, server).fetch(RTE()) }
    #expect("\(try #require(error))".contains("it holds no RTE/dev.tsv"))
    #expect(!FileManager.default.fileExists(atPath: folder.url.appending(path: "rte").path))
    server.replace(Self.path, ServedPage(body: try TestArchive.data(Self.rte, .zip)))
    #expect(try fetcher(folder, server).fetch(RTE(), again: true).outcome == .fetched)
  }

  @Test("a connection that cannot be opened is one sentence with the address")
  func unreachable() throws {
    let folder = try TemporaryFolder()
    var fetcher = Fetcher(cache: folder.url, mirror: Mirror("http://127.0.0.1:9"))
    fetcher.policy = RetryPolicy(attempts: 2, firstPause: 0.01)
    let error = #expect(throws: FetchError.self) { try fetcher.fetch(RTE()) }
    #expect("\(try #require(error))".hasPrefix("http://127.0.0.1:9\(Self.path) could not be"))
  }

  @Test("a generated data set needs nothing")
  func builtIn() throws {
    let folder = try TemporaryFolder()
    let report = try Fetcher(cache: folder.url).fetch(OwnDataset("own.jsonl"))
    #expect(report.outcome == .builtIn)
  }

  private func fetcher(_ folder: TemporaryFolder, _ server: TinyServer) -> Fetcher {
    var fetcher = Fetcher(cache: folder.url, mirror: Mirror(server.base))
    fetcher.policy = RetryPolicy(attempts: 3, firstPause: 0.01)
    return fetcher
  }

  private func sha256(_ data: Data) -> String {
    var digest = FileDigest()
    data.withUnsafeBytes { digest.update($0) }
    return digest.sha256
  }

  /// What is left in the folder where content is prepared.
  private func hiddenLeftovers(_ folder: TemporaryFolder) -> [String] {
    let staging = folder.url.appending(path: ".staging").path
    return (try? FileManager.default.contentsOfDirectory(atPath: staging)) ?? []
  }

  private static func table(_ count: Int) -> String {
    "index\tsentence1\tsentence2\tlabel\n"
      + (0..<count).map { "\($0)\tsentence \($0)\tother\tentailment\n" }.joined()
  }
}
