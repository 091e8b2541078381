import Datasets
import Experiments
import Foundation
import Testing
import Training
import Workers

/// Real runs of a few steps, as a worker carries them out.
@Suite struct RunExecutionTests {
  private func summary(_ event: RunEvent) throws -> RunSummary {
    guard case .succeeded(let summary) = event else {
      Issue.record("\(event)")
      throw CancellationError()
    }
    return summary
  }

  @Test("the summary says where a run ended, and its start how many steps its epochs are")
  func epochs() throws {
    let run = try RunCase { $0.epochs = 2.5 }
    var events: [RunEvent] = []
    let summary = try summary(run.carryOut(record: { events.append($0) }))
    #expect(summary.lastStep == 7)
    #expect(summary.partRows == nil)
    #expect(summary.scores[.test]?["accuracy"] != nil)
    guard case .started(let start)? = events.first else {
      Issue.record("\(events)")
      return
    }
    #expect(start.steps == 7)
    let validated = run.points(events).filter { $0.name == "validation/accuracy" }.map(\.step)
    #expect(validated == [2, 4, 6, 7])
  }

  @Test("a run that ends early is tested as ever, and says where it ended")
  func early() throws {
    let patient = try RunCase { $0.earlyStopping = EarlyStopping(patience: 2) }
    let stopped = try summary(patient.carryOut())
    #expect(stopped.lastStep == 6)
    #expect(stopped.bestStep == 2)
    #expect(stopped.scores[.test] != nil)
    let brief = try RunCase { $0.seconds = 1e-9 }
    let ended = try summary(brief.carryOut())
    #expect(ended.lastStep == 1)
    #expect(Set(ended.scores.keys) == [.test, .validation])
    #expect(brief.bytes("adapter.safetensors") != nil)
  }

  @Test(
    "a run that is paused at a step and ordered again has the bits and points of one that is not")
  func pausing() throws {
    let whole = try RunCase()
    var events: [RunEvent] = []
    let summary = try summary(whole.carryOut(record: { events.append($0) }))

    var paused = try RunCase()
    var parts: [RunEvent] = []
    paused.order.pauseAt = 4
    #expect(try paused.carryOut(record: { parts.append($0) }) == .paused(step: 4))
    let checkpoint = try #require(paused.bytes("checkpoint.safetensors"))
    #expect(paused.bytes("adapter.safetensors") == nil)
    // It is there, and beyond a step before: nothing is trained, nothing is written.
    for step in [4, 2] {
      paused.again { $0.pauseAt = step }
      var none: [RunEvent] = []
      #expect(try paused.carryOut(record: { none.append($0) }) == .paused(step: 4))
      #expect(paused.points(none).isEmpty)
      #expect(paused.bytes("checkpoint.safetensors") == checkpoint)
    }
    paused.again()
    let resumed = try self.summary(paused.carryOut(record: { parts.append($0) }))
    #expect(paused.points(parts) == whole.points(events))
    #expect(resumed.scores == summary.scores)
    #expect(resumed.bestStep == summary.bestStep)
    #expect(paused.bytes("adapter.safetensors") == whole.bytes("adapter.safetensors"))
    // A pause beyond the end is the end.
    var late = try RunCase()
    late.order.pauseAt = 8
    #expect(try self.summary(late.carryOut()).lastStep == 8)
  }

  @Test("a checkpoint is written after all that led to it is on the disk itself")
  func checkpointAfterJournal() throws {
    let run = try RunCase()
    var recorded = 0
    var safe = 0
    var checkpoints = 0
    var before: Data?
    _ = try run.carryOut(
      record: { event in
        if case .checkpoint = event {
          #expect(safe == recorded)
          #expect(run.bytes("checkpoint.safetensors") != before)
          checkpoints += 1
        }
        recorded += 1
      },
      synchronize: {
        safe = recorded
        before = run.bytes("checkpoint.safetensors")
      })
    #expect(checkpoints > 1)
  }

  @Test("smaller parts give the same losses up to rounding, and the summary says how small")
  func smallParts() throws {
    func losses(_ rows: Int?) throws -> (losses: [Double], summary: RunSummary) {
      var run = try RunCase { $0.dropout = 0.2 }
      run.order.partRows = rows
      var events: [RunEvent] = []
      let summary = try summary(run.carryOut(record: { events.append($0) }))
      return (run.points(events).filter { $0.name == "train/loss" }.map(\.value), summary)
    }
    let whole = try losses(nil)
    for rows in [1, 60] {
      let found = try losses(rows)
      #expect(found.summary.partRows == rows)
      #expect(found.losses.count == 8)
      for (a, b) in zip(found.losses, whole.losses) { #expect(abs(a - b) < 1e-4 * b) }
    }
  }

  @Test("a loss that is no number fails with its step and what to do")
  func diverging() throws {
    let run = try RunCase {
      $0.learningRate = 1e39; $0.clip = 0; $0.dropout = 0
    }
    let failure = try #require(throws: RunFailure.self) { try run.carryOut() }
    #expect(failure.kind == .diverged)
    #expect(failure.step == 2)
    #expect(failure.message.contains("at step 2; try a learning rate below 1e+39, more"))
  }

  @Test("what the examples cannot give is one sentence")
  func impossible() throws {
    let run = try RunCase {
      $0.epochs = 1; $0.warmup = 30
    }
    let failure = try #require(throws: RunFailure.self) { try run.carryOut() }
    #expect(failure.kind == .invalid)
    #expect(failure.message.hasPrefix("the warm-up of 30 steps is longer than the 3 that 1 epoch"))
  }
}
