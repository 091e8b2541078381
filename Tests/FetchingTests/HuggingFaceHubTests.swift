import DeptTesting
import Foundation
import Testing

@testable import Fetching

@Suite struct HuggingFaceHubTests {
  static let commit = "0123456789abcdef0123456789abcdef01234567"
  /// A file of weights with one tensor of four bytes.
  static let weights: Data = {
    let header = #"{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#
    return Data([UInt8(header.utf8.count), 0, 0, 0, 0, 0, 0, 0]) + Data(header.utf8)
      + Data([0, 0, 128, 63])
  }()

  @Test("a backbone that Hugging Face's programs have is taken from them, without a connection")
  func taken() throws {
    let hub = try hub("google-t5/t5-small")
    let folder = try TemporaryFolder()
    var fetcher = Fetcher(cache: folder.url, offline: true)
    fetcher.lock = DataLockFile(folder.url.appending(path: "data.lock"))
    let report = try fetcher.fetchBackbone("t5-small", hub: hub.url)
    #expect(report.outcome == .fetched)
    #expect(report.takenFrom?.lastPathComponent == Self.commit)
    #expect(
      report.sources.map(\.url)
        == ["config.json", "model.safetensors", "spiece.model"].map {
          "https://huggingface.co/google-t5/t5-small/resolve/main/\($0)"
        })
    let place = folder.url.appending(path: "t5-small/model.safetensors")
    #expect(try Data(contentsOf: place) == Self.weights)
    #expect(FileManager.default.size(of: place) == Self.weights.count, "it is no link")
    #expect(try fetcher.lock?.read().files.count == 3)
    #expect(try fetcher.fetchBackbone("t5-small", hub: hub.url).outcome == .present)
  }

  @Test("weights that are cut off, or a repository that is not whole, are downloaded instead")
  func unusable() throws {
    let cut = try hub("org/tiny", weights: Self.weights.dropLast())
    let partial = try hub("org/tiny", vocabulary: nil)
    let server = try TinyServer([
      "/org/tiny/resolve/main/config.json": ServedPage(body: Data("{}".utf8)),
      "/org/tiny/resolve/main/model.safetensors": ServedPage(body: Self.weights),
      "/org/tiny/resolve/main/spiece.model": ServedPage(body: Data("s".utf8)),
    ])
    for (hub, complaints) in [(cut, 1), (partial, 0)] {
      let folder = try TemporaryFolder()
      let events = Events()
      let fetcher = Fetcher(cache: folder.url) { events.add($0) }
      let report = try fetcher.fetchBackbone("org/tiny", endpoint: server.base, hub: hub.url)
      #expect(report.takenFrom == nil && report.sources.count == 3)
      #expect(
        events.all.count { if case .unusable = $0 { true } else { false } } == complaints)
    }
  }

  @Test("a file that the lock knows otherwise is downloaded")
  func otherVersion() throws {
    let hub = try hub("org/tiny")
    let config = Data("{\"new\": 1}".utf8)
    let server = try TinyServer([
      "/org/tiny/resolve/main/config.json": ServedPage(body: config)
    ])
    let folder = try TemporaryFolder()
    var digest = FileDigest()
    config.withUnsafeBytes { digest.update($0) }
    let lock = DataLock(files: [
      "\(server.base)/org/tiny/resolve/main/config.json":
        .init(bytes: config.count, sha256: digest.sha256)
    ])
    var fetcher = Fetcher(cache: folder.url)
    fetcher.lock = DataLockFile(try folder.write(lock.text, to: "data.lock"))
    let report = try fetcher.fetchBackbone("org/tiny", endpoint: server.base, hub: hub.url)
    #expect(report.sources.count == 3 && server.requests.count == 1)
    #expect(try Data(contentsOf: folder.url.appending(path: "org/tiny/config.json")) == config)
  }

  @Test("a name of a version that leads elsewhere is not followed")
  func escape() throws {
    let hub = try hub("org/tiny")
    try hub.write("../../../etc", to: "models--org--tiny/refs/main")
    #expect(HuggingFaceHub(folder: hub.url).snapshot(of: "org/tiny") { _, _ in } == nil)
  }

  /// A hub's folder in its own layout: what a version holds are links to where the bytes lie.
  private func hub(
    _ repository: String, weights: Data = weights, vocabulary: String? = "spiece.model"
  ) throws -> TemporaryFolder {
    let hub = try TemporaryFolder()
    let place = "models--" + repository.replacing("/", with: "--")
    try hub.write(Self.commit, to: "\(place)/refs/main")
    var files = ["config.json": Data("{}".utf8), "model.safetensors": weights]
    if let vocabulary { files[vocabulary] = Data("s".utf8) }
    for (number, (name, data)) in files.enumerated() {
      let blob = try hub.write("", to: "\(place)/blobs/\(number)")
      try data.write(to: blob)
      let link = hub.url.appending(path: "\(place)/snapshots/\(Self.commit)/\(name)")
      try FileManager.default.createDirectory(
        at: link.deletingLastPathComponent(), withIntermediateDirectories: true)
      try FileManager.default.createSymbolicLink(
        atPath: link.path, withDestinationPath: "../../blobs/\(number)")
    }
    return hub
  }
}
