import Experiments
import Foundation
import Testing
import Training
import Workers

/// One attempt at a time may write into a run's folder.
@Suite struct RunLeaseTests {
  @Test("an attempt takes the lease, its successor too; a lost one is told so")
  func tokens() throws {
    var run = try RunCase()
    let first = run.order
    var lease: RunLease? = try RunLease(first)
    #expect(lease != nil)
    try RunLease.check(first)
    lease = nil
    // It has ended, and nobody has followed it.
    try RunLease.check(first)
    run.again()
    let second = try RunLease(run.order)
    let loss = try #require(throws: LeaseLoss.self) { try RunLease.check(first) }
    #expect(loss.attempt == 1 && loss.newer == 2)
    #expect(
      loss.description
        == "attempt 1 has lost \(first.directory) to attempt 2, which goes on with the run; it has"
        + " written nothing more")
    try RunLease.check(run.order)
    withExtendedLifetime(second) {}
  }

  @Test("what an attempt that was killed left of a file is removed by the next")
  func leftovers() throws {
    let run = try RunCase()
    let part = "\(run.order.directory)/checkpoint.safetensors.123.4.part"
    try Data("half".utf8).write(to: URL(filePath: part))
    let lease = try RunLease(run.order)
    #expect(!FileManager.default.fileExists(atPath: part))
    withExtendedLifetime(lease) {}
  }

  @Test("while another holds the lease, an attempt is refused with a sentence")
  func held() throws {
    var run = try RunCase()
    let lease = try RunLease(run.order)
    let first = run.order
    run.again()
    let failure = try #require(throws: RunFailure.self) { try RunLease(run.order) }
    #expect(failure.kind == .file)
    #expect(
      failure.message
        == "attempt 1 at this run is still at work in \(first.directory); wait for it or end its"
        + " process, then start again")
    try RunLease.check(first)
    withExtendedLifetime(lease) {}
  }

  @Test(
    "the lease of a process that was killed is free, and an older attempt does not take it back")
  func older() throws {
    var run = try RunCase()
    run.again()
    do { _ = try RunLease(run.order) }
    let old = WorkOrder.first(of: run.order)
    // Without the newer one's journal there is no newer attempt: they are counted anew.
    do { _ = try RunLease(old) }
    do { _ = try RunLease(run.order) }
    try Data().write(to: URL(filePath: run.order.journalPath))
    let failure = try #require(throws: RunFailure.self) { try RunLease(old) }
    #expect(failure.kind == .file)
    #expect(failure.message.contains("to attempt 2, which goes on with the run"))
  }

  @Test(
    "an attempt that a newer one has overtaken writes neither checkpoint nor result",
    arguments: [1, 8])
  func overtaken(step: Int) throws {
    let run = try RunCase()
    let lease = try RunLease(run.order)
    var kept: Data?
    #expect(throws: LeaseLoss.self) {
      try run.carryOut(record: { event in
        guard case .metric(let point) = event, point.step == step, kept == nil else { return }
        kept = run.bytes("checkpoint.safetensors") ?? Data()
        // What a file system without locks, or one that has forgotten them, lets happen.
        try Data("7".utf8).write(to: URL(filePath: "\(run.order.directory)/lease"))
      })
    }
    #expect(run.bytes("checkpoint.safetensors") ?? Data() == kept)
    #expect((kept?.isEmpty == false) == (step == 8))
    #expect(run.bytes("adapter.safetensors") == nil)
    #expect(run.bytes("predictions.jsonl") == nil)
    withExtendedLifetime(lease) {}
  }
}

extension WorkOrder {
  /// The same order as a first attempt.
  fileprivate static func first(of order: WorkOrder) -> WorkOrder {
    var order = order
    order.attempt = 1
    return order
  }
}
