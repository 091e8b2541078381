#if os(Linux)
import Checkpoints
import Experiments
import Foundation
import Glibc
import Testing
import Training
import Workers

/// A file system of its own in memory, over a folder that exists; needs the right to mount.
private final class SmallDisk: Sendable {
  private let path: String

  init?(over path: String, bytes: Int) {
    self.path = path
    guard mount("tmpfs", path, "tmpfs", 0, "size=\(bytes)") == 0 else { return nil }
  }

  deinit { umount2(path, 2) }

  static let isPossible: Bool = {
    let path = NSTemporaryDirectory() + "dept-disk-" + UUID().uuidString
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return SmallDisk(over: path, bytes: 1 << 16) != nil
  }()
}

/// A disk that becomes full while a run is at work.
@Suite(.enabled(if: SmallDisk.isPossible, "needs the right to mount a small file system"))
struct FullDiskTests {
  /// Takes all the space there is.
  private func fill(_ run: RunCase) {
    let descriptor = open("\(run.order.directory)/filler", O_WRONLY | O_CREAT | O_APPEND, 0o644)
    let block = [UInt8](repeating: 1, count: 4096)
    while write(descriptor, block, block.count) > 0 {}
    close(descriptor)
  }

  @Test(
    "a checkpoint that finds no space fails the run in one sentence, and the older one stays",
    arguments: [1, 3])
  func checkpoint(step: Int) throws {
    var run = try RunCase()
    let disk = try #require(SmallDisk(over: run.order.directory, bytes: 1 << 20))
    var isFull = false
    let failure = try #require(throws: RunFailure.self) {
      try run.carryOut(record: { event in
        guard case .metric(let point) = event, point.step == step, !isFull else { return }
        isFull = true
        fill(run)
      })
    }
    #expect(failure.kind == .file)
    #expect(
      failure.message.contains("checkpoint.safetensors")
        && failure.message.contains("the disk is full, make room and try again"),
      "\(failure.message)")
    let names = try FileManager.default.contentsOfDirectory(atPath: run.order.directory)
    #expect(!names.contains { $0.hasSuffix(".part") })
    // What there was is whole, and with space the run ends as if nothing had been.
    try FileManager.default.removeItem(atPath: "\(run.order.directory)/filler")
    if step == 3 {
      let state = try TrainingState(
        contentsOf: run.order.checkpointPath, identity: run.order.id.rawValue)
      #expect(state.step == 2)
    }
    run.again()
    guard case .succeeded = try run.carryOut() else { throw CancellationError() }
    let undisturbed = try RunCase()
    _ = try undisturbed.carryOut()
    #expect(run.bytes("adapter.safetensors") == undisturbed.bytes("adapter.safetensors"))
    withExtendedLifetime(disk) {}
  }

  @Test(
    "predictions or an adapter that find no space fail the run, which then ends without training")
  func results() throws {
    var run = try RunCase()
    let disk = try #require(SmallDisk(over: run.order.directory, bytes: 1 << 20))
    let failure = try #require(throws: RunFailure.self) {
      try run.carryOut(record: { event in
        if case .checkpoint(step: 8) = event { fill(run) }
      })
    }
    #expect(failure.kind == .file)
    #expect(failure.message.contains("predictions.jsonl"), "\(failure.message)")
    #expect(failure.message.contains("the disk is full"))
    #expect(run.bytes("predictions.jsonl") == nil)
    // Space for the answers, none for the adapter.
    let filler = "\(run.order.directory)/filler"
    let size = try FileManager.default.attributesOfItem(atPath: filler)[.size] as? Int ?? 0
    truncate(filler, off_t(size - 4096))
    run.again()
    let second = try #require(throws: RunFailure.self) { try run.carryOut() }
    #expect(second.message.contains("adapter.safetensors"), "\(second.message)")
    #expect(run.bytes("adapter.safetensors") == nil)
    try FileManager.default.removeItem(atPath: filler)
    run.again()
    var events: [RunEvent] = []
    guard case .succeeded(let summary) = try run.carryOut(record: { events.append($0) }) else {
      throw CancellationError()
    }
    #expect(run.points(events).isEmpty)
    #expect(summary.lastStep == 8)
    #expect(run.bytes("adapter.safetensors") != nil)
    withExtendedLifetime(disk) {}
  }
}
#endif
