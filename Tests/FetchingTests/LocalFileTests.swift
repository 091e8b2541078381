import Datasets
import DeptTesting
import Evaluation
import Foundation
import Testing

@testable import Fetching

@Suite struct LocalFileTests {
  @Test("a file of this machine is a source, checked as any other and left as it is")
  func local() throws {
    let own = try TemporaryFolder()
    let archive = own.url.appending(path: "my data.zip")
    try TestArchive.write([.init(path: "a", text: "a")], .zip, to: archive)
    let plain = try own.write("plain", to: "p")
    let files = [
      RemoteFile(archive.absoluteString, .archive), RemoteFile("file://\(plain.path)", .plain),
    ]
    let folder = try TemporaryFolder()
    var fetcher = Fetcher(cache: folder.url, mirror: Mirror("http://127.0.0.1:9"), offline: true)
    fetcher.lock = DataLockFile(folder.url.appending(path: "data.lock"))
    let report = try fetcher.fetch("x", files)
    #expect(report.sources.map(\.url) == files.map(\.url))
    #expect(FileManager.default.size(of: folder.url.appending(path: "x/a")) == 1)
    // A copy: what happens to the original does not happen to it.
    let handle = try FileHandle(forWritingTo: plain)
    try handle.write(contentsOf: Data("other".utf8))
    try handle.close()
    #expect(try String(contentsOf: folder.url.appending(path: "x/p"), encoding: .utf8) == "plain")
    let error = #expect(throws: FetchError.self) {
      try fetcher.fetch(FetchOrder("x", files, replacing: true))
    }
    guard case .changed = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    let wrong = RemoteFile(
      "file://\(plain.path)", .plain, sha256: String(repeating: "0", count: 64))
    #expect(throws: FetchError.self) { try fetcher.fetch("y", [wrong]) }
    #expect(throws: FetchError.noSuchFile(path: "\(own.url.path)/none")) {
      try fetcher.fetch("z", [RemoteFile("file://\(own.url.path)/none", .plain)])
    }
    #expect(FileManager.default.fileExists(atPath: archive.path))
  }

  @Test("images come only on request, beside what is there, and stay when it is fetched again")
  func images() throws {
    let server = try TinyServer([
      "/e.org/text": ServedPage(body: Data("text".utf8)),
      "/e.org/i.zip": ServedPage(body: try TestArchive.data([.init(path: "i/1", text: "i")], .zip)),
    ])
    let folder = try TemporaryFolder()
    let fetcher = Fetcher(cache: folder.url, mirror: Mirror(server.base))
    let dataset = Pictures()
    _ = try fetcher.fetch(dataset)
    #expect(server.requests.map(\.path) == ["/e.org/text"])
    #expect(try fetcher.fetch(dataset, images: true).outcome == .fetched)
    #expect(server.requests.map(\.path) == ["/e.org/text", "/e.org/i.zip"])
    func isWhole() -> Bool {
      FileManager.default.size(of: folder.url.appending(path: "pictures/text")) == 4
        && FileManager.default.size(of: folder.url.appending(path: "pictures/i/1")) == 1
    }
    #expect(isWhole())
    #expect(try fetcher.fetch(dataset).outcome == .present)
    #expect(try fetcher.fetch(dataset, again: true).outcome == .fetched)
    #expect(isWhole() && server.requests.count == 3)
  }

  /// A data set with images.
  private struct Pictures: Dataset {
    let id: DatasetID = "pictures"
    let title = "Pictures"
    let citation = "none"
    let licence = "none"
    let metrics: [Metric] = [.accuracy]
    let sources = [RemoteFile("https://e.org/text", .plain)]
    let images = [RemoteFile("https://e.org/i.zip", .archive)]

    func load(
      from dataDirectory: URL, as preparation: Preparation
    ) throws(DatasetError) -> PreparedDataset {
      throw .tooFew(id, count: 0, needed: 1)
    }
  }
}
