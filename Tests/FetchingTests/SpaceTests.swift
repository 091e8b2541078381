import Datasets
import DeptTesting
import Foundation
import Testing

@testable import Fetching

@Suite struct SpaceTests {
  static let file = RemoteFile("https://e.org/a", .plain)

  @Test("a file that is larger than the disk is refused before it comes")
  func disk() throws {
    let server = try TinyServer([
      "/e.org/a": ServedPage(body: Data("x".utf8), announcedLength: 1 << 60)
    ])
    let folder = try TemporaryFolder()
    let error = #expect(throws: FetchError.self) {
      try Fetcher(cache: folder.url, mirror: Mirror(server.base)).fetch("x", [Self.file])
    }
    guard case .noSpace(_, _, let needed, let free) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(needed == 1 << 60 && free > 0 && free < needed)
    let text = "\(try #require(error))"
    #expect(text.contains(" needs 1152921504.61 GB, but only "))
    #expect(text.contains("dept gc") && text.contains("--home"))
    #expect(server.requests.count == 1)
  }

  @Test("the free space around a folder that is not there yet is known")
  func around() throws {
    let folder = try TemporaryFolder()
    let free = try #require(FreeSpace.bytes(around: folder.url.appending(path: "a/b/c")))
    #expect(free > 0)
  }

  @Test("fetched data stay below the quota, what is under way included")
  func quota() throws {
    let server = try TinyServer([
      "/e.org/a": ServedPage(body: Data(repeating: 1, count: 6000)),
      "/e.org/b": ServedPage(body: Data(repeating: 2, count: 6000)),
    ])
    let folder = try TemporaryFolder()
    try folder.write(String(repeating: "z", count: 3000), to: "cache/tokens/t")
    var fetcher = Fetcher(cache: folder.url.appending(path: "data"), mirror: Mirror(server.base))
    fetcher.quota = DiskQuota(bytes: 10_000, folders: [folder.url])
    _ = try fetcher.fetch("a", [Self.file])
    let other = RemoteFile("https://e.org/b", .plain)
    let error = #expect(throws: FetchError.self) { try fetcher.fetch("b", [other]) }
    guard case .overQuota(_, 6000, let used, 10_000) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(used >= 9000 && used < 10_000, "the file, the cache and the manifest")
    #expect("\(try #require(error))".contains("dept gc"))
    #expect(!FileManager.default.fileExists(atPath: folder.url.appending(path: "data/b").path))

    let pool = TransferPool()
    let first = SpaceClaim(in: folder.url, pool, DiskQuota(bytes: 1000, folders: []))
    let second = SpaceClaim(in: folder.url, pool, DiskQuota(bytes: 1000, folders: []))
    try first.claim(600, for: "first")
    #expect(throws: FetchError.self) { try second.claim(600, for: "second") }
    first.reduce(to: 300)
    try second.claim(600, for: "second")
  }

  @Test("what a zip says it unpacks to counts before it is unpacked")
  func unpackedSize() throws {
    let zip = try TestArchive.data(
      [.init(path: "a", text: String(repeating: "a", count: 5000)), .init(path: "b", text: "b")],
      .zip)
    let folder = try TemporaryFolder()
    let archive = folder.url.appending(path: "a.zip")
    try zip.write(to: archive)
    let unpacker = Unpacker(
      archive: archive, folder: folder.url.appending(path: "out"),
      limits: UnpackLimits(archiveBytes: zip.count), remedy: "replace it")
    #expect(try unpacker.estimatedBytes() == 5001)
    // The size before compression is at byte 24 of a header of the list of contents.
    let huge: [UInt8] = [0xFF, 0xFF, 0xFF, 0x7F]
    try TestArchive.patch(zip, at: 24, huge).write(to: archive)
    #expect(throws: FetchError.tooLarge(archive: archive.path, limit: 1 << 30)) {
      try unpacker.estimatedBytes()
    }
    let mirror = try TemporaryFolder()
    try FileManager.default.createDirectory(
      at: mirror.url.appending(path: "e.org"), withIntermediateDirectories: true)
    try FileManager.default.copyItem(at: archive, to: mirror.url.appending(path: "e.org/a.zip"))
    let error = #expect(throws: FetchError.self) {
      try Fetcher(cache: folder.url.appending(path: "cache"), mirror: .directory(mirror.url))
        .fetch("x", [RemoteFile("https://e.org/a.zip", .archive)])
    }
    guard case .tooLarge = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }
}
