import Backbones
import Datasets
import Experiments
import Foundation
import Testing
import Training
import TuningMethods

/// The process that carries runs out, told by hand what a scheduler tells it.
@Suite(
  .enabled(if: DeptProcess.isPossible, "dept or the tiny backbone was not built with the tests"))
struct WorkerProcessTests {
  private let process: DeptProcess

  init() throws { process = try DeptProcess() }

  private func order(
    attempt: Int = 1, _ change: (inout TrainingSchedule) -> Void = { _ in }
  ) throws -> WorkOrder {
    var schedule = TrainingSchedule()
    schedule.steps = 6
    schedule.batchSize = 2
    schedule.evaluateEvery = 2
    schedule.validationLimit = 2
    change(&schedule)
    let method = PromptTuning(length: 2)
    let lines = (0..<6).map { #"{"source": "number \#($0)", "target": "\#($0 % 2)"}"# }
    let directory = process.folder.appending(path: "run").path
    for folder in ["run", "data"] {
      try FileManager.default.createDirectory(
        at: process.folder.appending(path: folder), withIntermediateDirectories: true)
    }
    for split in ["train", "validation", "test"] {
      try process.write(lines.joined(separator: "\n") + "\n", to: "data/\(split).jsonl")
    }
    let spec = RunSpec(
      backbone: "tiny", dataset: DatasetID(rawValue: "\(process.folder.path)/data"),
      method: try MethodDescription(method), schedule: schedule, seed: 1)
    return WorkOrder(
      id: RunID(rawValue: String(repeating: "cd", count: 32)), spec: spec, attempt: attempt,
      directory: directory, dataDirectory: "\(process.folder.path)/data",
      backboneDirectory: DeptProcess.backbone, threads: 1)
  }

  private func events(_ order: WorkOrder) throws -> [RunEvent] {
    var reader = JournalReader(path: order.journalPath)
    var events: [RunEvent] = []
    while true {
      let block = try reader.next()
      if block.isEmpty { return events }
      events += block
    }
  }

  private func exists(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: process.folder.appending(path: "run/\(name)").path)
  }

  /// Waits until a run has left a checkpoint.
  private func waitForCheckpoint() {
    // Not by the journal: a fast worker writes it faster than it is read again and again.
    while !exists("checkpoint.safetensors") { usleep(2000) }
  }

  @Test("one process pauses a run, goes on with it and ends it, then takes no more")
  func pausing() throws {
    defer { process.remove() }
    let worker = try WorkerSession()
    var order = try order()
    order.pauseAt = 4
    try worker.send(order)
    #expect(try worker.reply()?.ending == .paused)
    #expect(try events(order).last == .paused(step: 4))
    #expect(exists("checkpoint.safetensors"))
    order.attempt = 2
    order.pauseAt = nil
    order.partRows = 1
    try worker.send(order)
    #expect(try worker.reply()?.ending == .succeeded)
    guard case .succeeded(let summary)? = try events(order).last else {
      Issue.record("no ending")
      return
    }
    #expect(summary.lastStep == 6 && summary.partRows == 1)
    #expect(!exists("checkpoint.safetensors") && exists("adapter.safetensors"))
    #expect(exists("predictions.jsonl"))
    #expect(try worker.end() == 0)
  }

  @Test(
    "a signal that asks to stop leaves a checkpoint and the code 85",
    arguments: [SIGUSR1, SIGTERM, SIGINT])
  func signals(number: Int32) throws {
    defer { process.remove() }
    let worker = try WorkerSession()
    // Far more steps than it will do.
    var order = try order {
      $0.steps = 1_000_000; $0.evaluateEvery = 3
    }
    try worker.send(order)
    waitForCheckpoint()
    worker.signal(number)
    let reply = try worker.reply()
    #expect(reply?.ending == .stopped)
    #expect(try worker.end() == 85)
    let written = try events(order)
    guard case .stopped(let step)? = written.last else {
      Issue.record("\(written.suffix(2))")
      return
    }
    #expect(written.dropLast().last == .checkpoint(step: step))
    // It goes on from there.
    order.attempt = 2
    order.pauseAt = step
    let next = try WorkerSession()
    try next.send(order)
    #expect(try next.reply()?.ending == .paused)
    #expect(try events(order).last == .paused(step: step))
    #expect(try next.end() == 0)
  }

  @Test("of two processes at one run the second fails, and the first goes on")
  func twoProcesses() throws {
    defer { process.remove() }
    let (first, second) = (try WorkerSession(), try WorkerSession())
    let order = try order {
      $0.steps = 1_000_000; $0.evaluateEvery = 3
    }
    try first.send(order)
    waitForCheckpoint()
    var other = order
    other.attempt = 2
    try second.send(other)
    #expect(try second.reply()?.ending == .failed)
    let written = try events(other)
    guard case .failed(let failure)? = written.last, written.count == 1 else {
      Issue.record("\(written)")
      return
    }
    #expect(failure.kind == .file)
    #expect(failure.message.hasPrefix("attempt 1 at this run is still at work in "))
    #expect(try second.end() == 0)
    first.signal(SIGTERM)
    #expect(try first.reply()?.ending == .stopped)
    #expect(try first.end() == 85)
    // Killed, it would leave the lease free as well.
    let (third, fourth) = (try WorkerSession(), try WorkerSession())
    other.attempt = 3
    try third.send(other)
    while !exists("attempt-3.journal") { usleep(2000) }
    third.signal(SIGKILL)
    #expect(try third.reply() == nil)
    other.attempt = 4
    other.pauseAt = 1
    try fourth.send(other)
    #expect(try fourth.reply()?.ending == .paused)
    #expect(try fourth.end() == 0)
  }

  @Test("a process that a newer attempt has overtaken writes nothing more and says so")
  func overtaken() throws {
    defer { process.remove() }
    let worker = try WorkerSession()
    let order = try order {
      $0.steps = 1_000_000; $0.evaluateEvery = 3
    }
    try worker.send(order)
    waitForCheckpoint()
    try process.write("2", to: "run/lease")
    let reply = try worker.reply()
    #expect(reply?.ending == .failed)
    #expect(
      reply?.problem?.hasPrefix("attempt 1 has lost ") == true, "\(String(describing: reply))")
    #expect(reply?.problem?.contains(" to attempt 2, which goes on with the run") == true)
    for event in try events(order) {
      switch event {
      case .started, .metric, .checkpoint: continue
      case .succeeded, .failed, .stopped, .paused: Issue.record("\(event)")
      }
    }
    #expect(try worker.end() == 0)
  }
}
