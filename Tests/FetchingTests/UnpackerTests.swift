import DeptTesting
import Foundation
import Testing

@testable import Fetching

@Suite struct UnpackerTests {
  static let plain = [
    TestArchive.Entry(path: "A/train.tsv", text: String(repeating: "one\ttwo\n", count: 5000)),
    TestArchive.Entry(path: "./A/dev.tsv", text: "three\n"),
    TestArchive.Entry(path: "A/empty"),
  ]

  @Test(
    "zip, tar and compressed tar unpack to the same files",
    arguments: [TestArchive.Format.zip, .tar, .tarGzip])
  func formats(_ format: TestArchive.Format) throws {
    let folder = try TemporaryFolder()
    try unpack(Self.plain, format, folder)
    #expect(try text("A/train.tsv", folder).count == 40000)
    #expect(try text("A/dev.tsv", folder) == "three\n")
    #expect(try text("A/empty", folder).isEmpty)
  }

  @Test("a gzip file is decompressed; another file is refused")
  func gzip() throws {
    let folder = try TemporaryFolder()
    let archive = folder.url.appending(path: "a.gz")
    try TestArchive.write([TestArchive.Entry(path: "x", text: "hello\n")], .gzip, to: archive)
    let unpacker = Unpacker(
      archive: archive, folder: folder.url, limits: UnpackLimits(bytes: 100), remedy: "replace it")
    try unpacker.decompress(to: "train/a.jsonl")
    #expect(try text("train/a.jsonl", folder, below: "") == "hello\n")
    try Data("plain text".utf8).write(to: archive)
    #expect(
      throws: FetchError.corrupt(
        path: archive.path, reason: "it is not gzip-compressed", remedy: "replace it")
    ) { try unpacker.decompress(to: "b") }
  }

  struct Attack: Sendable, CustomTestStringConvertible {
    var path = "x"
    var symbolicLink: String?
    var hardLink: String?
    var isPipe = false
    var reason: String
    var testDescription: String { "\(path) \(symbolicLink ?? hardLink ?? ""): \(reason)" }
  }

  static let attacks = [
    Attack(path: "../evil", reason: "leads out of the folder"),
    Attack(path: "A/../../evil", reason: "leads out of the folder"),
    Attack(path: "/tmp/evil", reason: "is an absolute path"),
    Attack(path: "C:/evil", reason: "is an absolute path"),
    Attack(path: "A\\..\\evil", reason: "has a character that is not portable in its path"),
    Attack(symbolicLink: "/etc/passwd", reason: "is a link out of the folder"),
    Attack(symbolicLink: "../../etc/passwd", reason: "is a link out of the folder"),
    Attack(symbolicLink: "A", reason: "is a link to 'A', which is no file of the archive"),
    Attack(hardLink: "../evil", reason: "is a link out of the folder"),
    Attack(hardLink: "/etc/passwd", reason: "is a link out of the folder"),
    Attack(isPipe: true, reason: "is neither a file nor a folder"),
  ]

  @Test("no path and no link leads out of the folder", arguments: attacks)
  func attack(_ attack: Attack) throws {
    let folder = try TemporaryFolder()
    let entry = TestArchive.Entry(
      path: attack.path, symbolicLink: attack.symbolicLink, hardLink: attack.hardLink,
      isPipe: attack.isPipe)
    let error = #expect(throws: FetchError.self) {
      try unpack(Self.plain + [entry], .tar, folder)
    }
    guard case .unsafeEntry(_, _, let reason) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(reason == attack.reason)
    #expect(!FileManager.default.fileExists(atPath: folder.url.appending(path: "evil").path))
  }

  @Test("a zip with a path that climbs is refused as well")
  func zipSlip() throws {
    let folder = try TemporaryFolder()
    #expect(throws: FetchError.self) {
      try unpack([TestArchive.Entry(path: "A/../../evil", text: "x")], .zip, folder)
    }
    #expect(!FileManager.default.fileExists(atPath: folder.url.appending(path: "evil").path))
  }

  @Test("a link inside the folder becomes a copy")
  func innerLink() throws {
    let folder = try TemporaryFolder()
    let links = [
      TestArchive.Entry(path: "B/link.tsv", symbolicLink: "../A/dev.tsv"),
      TestArchive.Entry(path: "hard.tsv", hardLink: "A/dev.tsv"),
    ]
    try unpack(Self.plain + links, .tar, folder)
    #expect(try text("B/link.tsv", folder) == "three\n")
    #expect(try text("hard.tsv", folder) == "three\n")
  }

  @Test("more bytes or entries than the limit allows are refused")
  func limits() throws {
    let folder = try TemporaryFolder()
    for limits in [UnpackLimits(bytes: 1000), UnpackLimits(bytes: 1 << 20, entries: 2)] {
      let error = #expect(throws: FetchError.self) {
        try unpack(Self.plain, .zip, folder, limits: limits)
      }
      guard case .tooLarge = error else {
        Issue.record("\(String(describing: error))")
        return
      }
    }
  }

  @Test(
    "a cut-off or altered archive is damaged, and says so",
    arguments: [
      TestArchive.Format.zip, .tarGzip,
    ])
  func damage(_ format: TestArchive.Format) throws {
    let whole = try TestArchive.data(Self.plain, format)
    // A zip cut off behind its last file is whole: each file carries its own checksum.
    let nearEnd = format == .zip ? whole.count - 400 : whole.count - 30
    for length in [0, 10, whole.count / 2, nearEnd] {
      try expectDamage(whole.prefix(length))
    }
    var altered = whole
    altered[whole.count / 3] ^= 0xFF
    altered[whole.count / 3 + 1] ^= 0xFF
    try expectDamage(altered)
    try expectDamage(Data("<html>moved</html>".utf8))
  }

  private func expectDamage(_ data: Data) throws {
    let folder = try TemporaryFolder()
    let archive = folder.url.appending(path: "archive")
    try data.write(to: archive)
    let unpacker = Unpacker(
      archive: archive, folder: folder.url.appending(path: "out"),
      limits: UnpackLimits(bytes: 1 << 20), remedy: "replace it")
    let error = #expect(throws: FetchError.self, "\(data.count) bytes") {
      try unpacker.unpackArchive()
    }
    guard let error else { return }
    guard case .corrupt(let path, _, _) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(path == archive.path)
  }

  private func unpack(
    _ entries: [TestArchive.Entry], _ format: TestArchive.Format, _ folder: TemporaryFolder,
    limits: UnpackLimits = UnpackLimits(bytes: 1 << 20)
  ) throws {
    let archive = folder.url.appending(path: "archive")
    try TestArchive.write(entries, format, to: archive)
    try Unpacker(
      archive: archive, folder: folder.url.appending(path: "out"), limits: limits,
      remedy: "replace it"
    ).unpackArchive()
  }

  private func text(
    _ path: String, _ folder: TemporaryFolder, below: String = "out/"
  ) throws -> String {
    try String(contentsOf: folder.url.appending(path: below + path), encoding: .utf8)
  }
}
