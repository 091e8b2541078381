import Datasets
import DeptTesting
import Foundation
import Testing

@testable import Fetching

/// Archives that are made to do harm, and some that only look like it.
@Suite struct HostileArchiveTests {
  typealias Entry = TestArchive.Entry

  struct Attack: Sendable, CustomTestStringConvertible {
    var name: String
    var entries: [Entry]
    var format = TestArchive.Format.tar
    var reason: String
    var testDescription: String { name }
  }

  static let attacks = [
    Attack(
      name: "a file through a link",
      entries: [
        Entry(path: "A", symbolicLink: "../.."), Entry(path: "A/evil", text: "x"),
      ], reason: "is a link out of the folder"),
    Attack(
      name: "a file through an inner link",
      entries: [
        Entry(path: "B", symbolicLink: "."), Entry(path: "B/evil", text: "x"),
      ], reason: "needs 'B' as a folder and as a file"),
    Attack(
      name: "a file below a file",
      entries: [
        Entry(path: "A", text: "x"), Entry(path: "A/b", text: "y"),
      ], reason: "needs 'A' as a folder and as a file"),
    Attack(
      name: "a file over a folder",
      entries: [
        Entry(path: "A/b", text: "y"), Entry(path: "A", text: "x"),
      ], format: .zip, reason: "needs 'A' as a folder and as a file"),
    Attack(
      name: "two spellings",
      entries: [
        Entry(path: "A/Train.tsv", text: "x"), Entry(path: "a/train.tsv", text: "y"),
      ], format: .zip, reason: "differs from 'A' only in a way that some file systems do not tell"),
    Attack(
      name: "two forms of a letter",
      entries: [
        Entry(path: "e\u{301}", text: "x"), Entry(path: "\u{E9}", text: "y"),
      ], format: .zip,
      reason: "differs from 'e\u{301}' only in a way that some file systems do not tell"),
    Attack(
      name: "a link to a folder above by way of one below",
      entries: [
        Entry(path: "a/b/c", symbolicLink: "../../../evil")
      ], reason: "is a link out of the folder"),
    Attack(
      name: "a hard link to the link's own name", entries: [Entry(path: "a", hardLink: "a")],
      reason: "is a link to 'a', which is no file of the archive"),
  ]

  @Test("an entry that reaches for more than its own place is refused", arguments: attacks)
  func attack(_ attack: Attack) throws {
    let folder = try TemporaryFolder()
    let archive = folder.url.appending(path: "archive")
    try TestArchive.write(attack.entries, attack.format, to: archive)
    let error = #expect(throws: FetchError.self) { try unpack(archive, folder) }
    guard case .unsafeEntry(_, _, let reason) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(reason == attack.reason)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).count <= 2)
  }

  @Test("odd but harmless archives unpack: repeated entries, locked folders, devices' modes")
  func harmless() throws {
    for format in [TestArchive.Format.zip, .tar, .tarXz, .tarBzip2] {
      let folder = try TemporaryFolder()
      let archive = folder.url.appending(path: "archive")
      try TestArchive.write(
        [
          Entry(path: "locked", isFolder: true, permissions: 0),
          Entry(path: "locked/a", text: "a", permissions: 0),
          Entry(path: "twice", text: "a long first text"), Entry(path: "twice", text: "second"),
          Entry(path: "./deep/./er/b", text: "b", permissions: 0o7777),
          Entry(path: "fetched.json", text: "{}"),
        ], format, to: archive)
      try unpack(archive, folder)
      let out = folder.url.appending(path: "out")
      #expect(try String(contentsOf: out.appending(path: "locked/a"), encoding: .utf8) == "a")
      #expect(try String(contentsOf: out.appending(path: "twice"), encoding: .utf8) == "second")
      #expect(try String(contentsOf: out.appending(path: "deep/er/b"), encoding: .utf8) == "b")
    }
  }

  @Test("an archive may hold a file that is named as the manifest is")
  func manifestName() throws {
    let mirror = try TemporaryFolder()
    let file = try mirror.write("", to: "e.org/a.zip")
    try TestArchive.write(
      [Entry(path: "fetched.json", text: "{}"), Entry(path: "a", text: "a")], .zip, to: file)
    let folder = try TemporaryFolder()
    let fetcher = Fetcher(cache: folder.url, mirror: .directory(mirror.url))
    let files = [RemoteFile("https://e.org/a.zip", .archive)]
    #expect(try fetcher.fetch("x", files).outcome == .fetched)
    #expect(try fetcher.fetch("x", files).outcome == .present)
  }

  @Test("an encrypted zip is told to be one")
  func encrypted() throws {
    let folder = try TemporaryFolder()
    let archive = folder.url.appending(path: "archive")
    let zip = try TestArchive.data([Entry(path: "secret", text: "text")], .zip)
    // Bit 0 of the flags, at byte 8 of a header of the list of contents.
    try TestArchive.patch(zip, at: 8, [1, 0]).write(to: archive)
    let error = #expect(throws: FetchError.self) { try unpack(archive, folder) }
    #expect("\(try #require(error))".contains("'secret', which is encrypted and cannot be read"))
  }

  @Test("many entries, and text that unpacks to a thousand times its size, meet the limits")
  func bombs() throws {
    let folder = try TemporaryFolder()
    let archive = folder.url.appending(path: "archive")
    let zeros = String(repeating: "0", count: 5_000_000)
    for format in [TestArchive.Format.zip, .tarGzip, .tarXz] {
      try TestArchive.write([Entry(path: "zeros", text: zeros)], format, to: archive)
      let size = try #require(FileManager.default.size(of: archive))
      #expect(size < 50_000)
      #expect(throws: FetchError.tooLarge(archive: archive.path, limit: 200 * size)) {
        try unpack(archive, folder, UnpackLimits(bytes: 200 * size))
      }
      let written = FileWalk.files(below: folder.url.appending(path: "out"))
      #expect(written.reduce(0) { $0 + $1.bytes } <= 200 * size)
    }
    try TestArchive.write((0..<2000).map { Entry(path: "\($0)") }, .tarGzip, to: archive)
    let error = #expect(throws: FetchError.self) {
      try unpack(archive, folder, UnpackLimits(bytes: 1 << 20, entries: 1999))
    }
    guard case .tooLarge = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test(
    "every cut of a compressed archive is damage",
    arguments: [TestArchive.Format.tarGzip, .tarXz, .tarBzip2])
  func cuts(_ format: TestArchive.Format) throws {
    let whole = try TestArchive.data(
      [Entry(path: "a", text: String(repeating: "some text\n", count: 100))], format)
    for length in stride(from: 0, to: whole.count - 12, by: max(1, whole.count / 40)) {
      let folder = try TemporaryFolder()
      let archive = folder.url.appending(path: "archive")
      try whole.prefix(length).write(to: archive)
      let error = #expect(throws: FetchError.self, "\(length) bytes") {
        try unpack(archive, folder)
      }
      guard case .corrupt(_, _, "replace it") = error else {
        Issue.record("\(String(describing: error))")
        return
      }
    }
  }

  @Test("one file is decompressed whatever compressed it; what is not compressed is refused")
  func singleFiles() throws {
    let mirror = try TemporaryFolder()
    for (format, ending) in [(TestArchive.Format.gzip, "gz"), (.xz, "xz"), (.bzip2, "bz2")] {
      let url = "https://e.org/a.txt.\(ending)"
      let file = try mirror.write("", to: "e.org/a.txt.\(ending)")
      try TestArchive.write([Entry(path: "a", text: "hello\n")], format, to: file)
      let folder = try TemporaryFolder()
      let fetcher = Fetcher(cache: folder.url, mirror: .directory(mirror.url))
      _ = try fetcher.fetch("x", [RemoteFile(url, .compressed)])
      let text = try String(contentsOf: folder.url.appending(path: "x/a.txt"), encoding: .utf8)
      #expect(text == "hello\n")
      let whole = try Data(contentsOf: file)
      for bad in [whole.prefix(whole.count - 9), Data("text".utf8), Data()] {
        try bad.write(to: file)
        let error = #expect(throws: FetchError.self) {
          try fetcher.fetch("y", [RemoteFile(url, .compressed)])
        }
        guard case .corrupt(file.path, _, "replace it in the mirror") = error else {
          Issue.record("\(ending), \(bad.count): \(String(describing: error))")
          return
        }
      }
    }
  }

  @Test("bytes turned at random never lead out of the folder or end the program")
  func fuzz() throws {
    var random = SplitMix(state: 20_260_101)
    let entries = [
      Entry(path: "A/train.tsv", text: String(repeating: "one\ttwo\n", count: 60)),
      Entry(path: "A/dev.tsv", text: "three\n"),
      Entry(path: "B/link", symbolicLink: "../A/dev.tsv"),
    ]
    for format in [TestArchive.Format.zip, .tar, .tarGzip, .tarXz, .tarBzip2] {
      let whole = try TestArchive.data(entries, format)
      for _ in 0..<40 {
        var bytes = [UInt8](whole)
        for _ in 0..<Int.random(in: 1...8, using: &random) {
          bytes[Int.random(in: bytes.indices, using: &random)] = .random(
            in: 0...255, using: &random)
        }
        if Bool.random(using: &random) {
          bytes = Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &random)))
        }
        let folder = try TemporaryFolder()
        let archive = folder.url.appending(path: "box/archive")
        try FileManager.default.createDirectory(
          at: archive.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: archive)
        do throws(FetchError) {
          try unpack(archive, folder, inside: "box/out")
        } catch {
          guard case .corrupt = error else {
            if case .unsafeEntry = error { continue }
            if case .tooLarge = error { continue }
            Issue.record("\(error)")
            return
          }
        }
        let outside = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
        let beside = try FileManager.default.contentsOfDirectory(
          atPath: folder.url.appending(path: "box").path)
        #expect(outside == ["box"] && Set(beside).isSubset(of: ["archive", "out"]))
      }
    }
  }

  private func unpack(
    _ archive: URL, _ folder: TemporaryFolder,
    _ limits: UnpackLimits = UnpackLimits(bytes: 1 << 20),
    inside place: String = "out"
  ) throws(FetchError) {
    try Unpacker(
      archive: archive, folder: folder.url.appending(path: place), limits: limits,
      remedy: "replace it"
    ).unpackArchive()
  }
}

/// Random numbers that are the same in every run (SplitMix64, Steele et al. 2014).
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
