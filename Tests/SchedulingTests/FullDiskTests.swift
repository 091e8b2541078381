#if os(Linux)
import Experiments
import Foundation
import Glibc
import RunStorage
import Scheduling
import Testing

/// A file system of its own in memory; needs the right to mount.
private final class SmallDisk: Sendable {
  let path: String

  init?(bytes: Int) {
    path = NSTemporaryDirectory() + "dept-disk-" + UUID().uuidString
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    guard mount("tmpfs", path, "tmpfs", 0, "size=\(bytes)") == 0 else {
      try? FileManager.default.removeItem(atPath: path)
      return nil
    }
  }

  deinit {
    umount2(path, 2)
    try? FileManager.default.removeItem(atPath: path)
  }

  static let isPossible = SmallDisk(bytes: 1 << 16) != nil
}

@Suite("When the disk is full", .timeLimit(.minutes(2)))
struct FullDiskTests {
  @Test(
    "nothing that was done is lost, and starting again with space finishes everything",
    .enabled(if: SmallDisk.isPossible, "needs the right to mount a small file system"),
    arguments: [150, 300, 450, 600])
  func fullDisk(freeKibibytes: Int) async throws {
    let disk = try #require(SmallDisk(bytes: 6 << 20))
    let filler = URL(fileURLWithPath: disk.path + "/filler")
    try Data(count: (6 << 20) - (freeKibibytes << 10)).write(to: filler)
    let pseudo = PseudoPlan(runs: 3, steps: 4000)
    var isComplete = false
    do {
      isComplete =
        try await Scheduler(pseudo.resolved, setup: pseudo.setup(disk.path))
        .run().succeeded == 3
    } catch let error as StoreError {
      #expect(error.description.contains("no space is left"))
    } catch ScheduleError.folder {
    }
    #expect(!isComplete)
    try FileManager.default.removeItem(at: filler)
    let summary = try await Scheduler(pseudo.resolved, setup: pseudo.setup(disk.path)).run()
    #expect(summary.succeeded + summary.cached == 3)
    for run in try RunStore(home: disk.path).frozenRuns(experiment: "pseudo") {
      #expect(run.state == .succeeded)
      #expect(run.curves["train/loss"]?.map(\.step) == Array(1...4000))
    }
  }
}
#endif
