import Datasets
import DeptTesting
import Foundation
import Testing

@testable import Fetching

@Suite struct GarbageTests {
  @Test("what can be made again goes, data sets and what is still needed stay")
  func collect() throws {
    let server = try TinyServer([
      "/e.org/a.zip": ServedPage(body: try TestArchive.data([.init(path: "a", text: "a")], .zip)),
      "/e.org/b.zip": ServedPage(body: Data("kept, but never unpacked".utf8)),
    ])
    let home = try TemporaryFolder()
    let data = home.url.appending(path: "data")
    let fetcher = Fetcher(cache: data, mirror: Mirror(server.base))
    _ = try fetcher.fetch("x", [RemoteFile("https://e.org/a.zip", .archive)])
    try home.write("kept", to: "data/.downloads/e.org/b.zip")
    try home.write("part", to: "data/.downloads/e.org/c.zip.part")
    try home.write("\"v1\"", to: "data/.downloads/e.org/c.zip.part.version")
    try home.write("half", to: "data/.staging/y/deep/file")
    try home.write("ids", to: "cache/tokens/t5/sst2.bin")
    try home.write("", to: "cache/tokens/t5.lock")
    try home.write("store", to: "store.sqlite")
    let collection = GarbageCollection(
      fetched: [data, home.url.appending(path: "backbones")],
      caches: home.url.appending(path: "cache"))
    let found = collection.found()
    #expect(
      found.map { $0.file.path.dropFirst(home.url.path.count + 1) } == [
        "cache/tokens/t5/sst2.bin", "data/.downloads/e.org/a.zip",
        "data/.downloads/e.org/c.zip.part", "data/.downloads/e.org/c.zip.part.version",
        "data/.staging/y/deep/file",
      ])
    #expect(found.map(\.kind) == [.cache, .download, .partial, .partial, .staging])
    #expect(try collection.collect() == found)
    #expect(collection.found().isEmpty)
    #expect(
      FileManager.default.subpaths(atPath: home.url.path)?.filter { !$0.contains(".locks") }
        .filter { !isFolder(home.url.appending(path: $0)) }.sorted() == [
          "cache/tokens/t5.lock", "data/.downloads/e.org/b.zip", "data/x/a", "data/x/fetched.json",
          "store.sqlite",
        ])
    #expect(!FileManager.default.fileExists(atPath: data.appending(path: ".staging").path))
    #expect(
      try fetcher.fetch("x", [RemoteFile("https://e.org/a.zip", .archive)]).outcome == .present)
  }

  @Test("only what was not used for long goes, where that is asked for")
  func age() throws {
    let home = try TemporaryFolder()
    let old = try home.write("old", to: "cache/examples/old")
    try home.write("new", to: "cache/examples/new")
    let longAgo = timeval(tv_sec: 1_000_000_000, tv_usec: 0)
    #expect(utimes(old.path, [longAgo, longAgo]) == 0)
    let collection = GarbageCollection(
      fetched: [], caches: home.url.appending(path: "cache"),
      unusedSince: Date(timeIntervalSince1970: 1_100_000_000))
    #expect(try collection.collect().map(\.file.lastPathComponent) == ["old"])
    #expect(
      FileManager.default.fileExists(atPath: home.url.appending(path: "cache/examples/new").path))
  }

  @Test("nothing is removed while something is fetched")
  func inUse() throws {
    let home = try TemporaryFolder()
    let data = home.url.appending(path: "data")
    let part = try home.write("part", to: "data/.downloads/e.org/c.zip.part")
    let collection = GarbageCollection(fetched: [data], caches: home.url.appending(path: "cache"))
    let use = try CacheLocks.use(of: data)
    let other = try CacheLocks.use(of: data)
    #expect(throws: FetchError.inUse(folder: data.path)) { try collection.collect() }
    #expect(FileManager.default.fileExists(atPath: part.path))
    withExtendedLifetime((use, other)) {}
  }

  @Test("what a killed process was replacing is no garbage, and is put back")
  func former() throws {
    let home = try TemporaryFolder()
    let data = home.url.appending(path: "data")
    let mirror = try TemporaryFolder()
    try mirror.write("text", to: "e.org/a")
    let fetcher = Fetcher(cache: data, mirror: .directory(mirror.url))
    let files = [RemoteFile("https://e.org/a", .plain)]
    _ = try fetcher.fetch("org/x", files)
    let old = data.appending(path: ".staging/org/x.old")
    try FileManager.default.createDirectory(
      at: old.deletingLastPathComponent(), withIntermediateDirectories: true)
    try FileManager.default.moveItem(at: data.appending(path: "org/x"), to: old)
    let collection = GarbageCollection(fetched: [data], caches: home.url.appending(path: "cache"))
    #expect(try collection.collect().isEmpty)
    #expect(try fetcher.fetch("org/x", files).outcome == .present)
  }

  @Test("a home folder that is not there holds nothing, and is not made")
  func nothing() throws {
    let home = try TemporaryFolder()
    let missing = home.url.appending(path: "none")
    let collection = GarbageCollection(
      fetched: [missing.appending(path: "data")], caches: missing.appending(path: "cache"))
    #expect(try collection.collect().isEmpty)
    #expect(!FileManager.default.fileExists(atPath: missing.path))
  }

  private func isFolder(_ url: URL) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
      && isFolder.boolValue
  }
}
