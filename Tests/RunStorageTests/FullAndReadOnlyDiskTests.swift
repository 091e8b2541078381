#if os(Linux)
import DeptTesting
import Experiments
import Foundation
import Glibc
import RunStorage
import Testing

/// A file system of its own in memory; needs the right to mount.
final class SmallDisk: Sendable {
  let path: String

  init?(bytes: Int) {
    path = NSTemporaryDirectory() + "dept-disk-" + UUID().uuidString
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    guard mount("tmpfs", path, "tmpfs", 0, "size=\(bytes)") == 0 else {
      try? FileManager.default.removeItem(atPath: path)
      return nil
    }
  }

  func makeReadOnly() -> Bool {
    mount("tmpfs", path, "tmpfs", UInt(MS_REMOUNT | MS_RDONLY), nil) == 0
  }

  deinit {
    umount2(path, Int32(MNT_DETACH))
    try? FileManager.default.removeItem(atPath: path)
  }

  static let isPossible = SmallDisk(bytes: 1 << 16) != nil
}

private let MS_RDONLY = 1
private let MS_REMOUNT = 32
private let MNT_DETACH = 2

@Suite(
  "On a disk that cannot take more",
  .enabled(if: SmallDisk.isPossible, "needs the right to mount a small file system"))
struct FullAndReadOnlyDiskTests {
  @Test("a journal refuses an event, keeps those it took, and stays readable")
  func fullJournal() throws {
    let disk = try #require(SmallDisk(bytes: 1 << 16))
    let journal = try Journal(path: disk.path + "/a.journal")
    var taken = 0
    var failure: JournalError?
    while failure == nil, taken < 100_000 {
      do {
        try journal.append(point(taken + 1, 0.5))
        taken += 1
      } catch { failure = error }
    }
    #expect(failure == .full(path: disk.path + "/a.journal"))
    var reader = JournalReader(path: disk.path + "/a.journal")
    #expect(try reader.next().count == taken)
    #expect(try reader.next().isEmpty)
  }

  @Test("a journal that was refused space takes events again once there is some")
  func freed() throws {
    let disk = try #require(SmallDisk(bytes: 1 << 18))
    let filler = disk.path + "/filler"
    try Data(repeating: 1, count: 200_000).write(to: URL(fileURLWithPath: filler))
    let journal = try Journal(path: disk.path + "/a.journal")
    var taken = 0
    #expect(throws: JournalError.full(path: disk.path + "/a.journal")) {
      while taken < 100_000 {
        try journal.append(point(taken + 1, 0.5))
        taken += 1
      }
    }
    try FileManager.default.removeItem(atPath: filler)
    for step in taken + 1...taken + 1000 { try journal.append(point(step, 0.5)) }
    journal.close()
    var reader = JournalReader(path: disk.path + "/a.journal")
    #expect(try reader.next() == (1...taken + 1000).map { point($0, 0.5) })
  }

  @Test("a store says that it is full, and goes on once there is space")
  func fullStore() throws {
    let disk = try #require(SmallDisk(bytes: 400 << 10))
    let folder = try TemporaryFolder()
    let writer = try StoreWriter(home: disk.path, purpose: "t")
    try writer.enrol([enrolled(1)], experiment: "e")
    let attempt = try writer.begin(enrolled(1).id, process: .current)
    let path = try journal(folder, (1...200_000).map { point($0, Double($0) + 0.1) })
    #expect(throws: StoreError.full(path: disk.path + "/store.sqlite")) {
      _ = try writer.fold(enrolled(1).id, attempt: attempt, journal: path)
    }
    #expect(try writer.store.runs().count == 1)
  }

  @Test("a store on a read-only disk can be read, and says that it cannot be written")
  func readOnly() throws {
    let disk = try #require(SmallDisk(bytes: 2 << 20))
    do {
      let writer = try StoreWriter(home: disk.path, purpose: "t")
      try writer.enrol([enrolled(1)], experiment: "e")
    }
    try #require(disk.makeReadOnly())
    #expect(try RunStore(home: disk.path).runs().count == 1)
    #expect(throws: StoreError.readOnly(path: disk.path + "/store.sqlite")) {
      try StoreWriter(home: disk.path, purpose: "t")
    }
  }

  @Test("a store on a read-only disk whose newest changes lie in its log says what to copy")
  func pendingLog() throws {
    let disk = try #require(SmallDisk(bytes: 2 << 20))
    let folder = try TemporaryFolder()
    let writer = try StoreWriter(home: folder.path, purpose: "t")
    try writer.enrol([enrolled(1)], experiment: "e")
    for name in ["store.sqlite", "store.sqlite-wal"] {
      try FileManager.default.copyItem(
        atPath: "\(folder.path)/\(name)", toPath: "\(disk.path)/\(name)")
    }
    try #require(disk.makeReadOnly())
    #expect(throws: StoreError.pendingLog(path: disk.path + "/store.sqlite")) {
      try RunStore(home: disk.path)
    }
  }

  @Test("a store of an older layout stays as it was where there is no space for its backup")
  func fullMigration() throws {
    let disk = try #require(SmallDisk(bytes: 400 << 10))
    try OldStore.make(at: disk.path)
    let path = disk.path + "/store.sqlite"
    let before = try Data(contentsOf: URL(fileURLWithPath: path))
    let filler = disk.path + "/filler"
    try Data().write(to: URL(fileURLWithPath: filler))
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: filler))
    while (try? file.write(contentsOf: Data(count: 1 << 12))) != nil {}
    try? file.close()
    #expect {
      try StoreWriter(home: disk.path, purpose: "t")
    } throws: { error in
      if case StoreError.full = error { true } else { false }
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    #expect(StoreBackup.all(home: disk.path).isEmpty)
    try FileManager.default.removeItem(atPath: filler)
    #expect(try StoreWriter(home: disk.path, purpose: "t").store.runs().count == 1)
  }
}
#endif
