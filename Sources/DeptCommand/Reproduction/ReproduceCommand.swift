import ArgumentParser
import Experiments
import Foundation
import RunStorage
import Scheduling
import Training

/// `dept reproduce`: carries a run out again and compares what comes out, bit for bit.
struct ReproduceCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reproduce",
    abstract: "Carry a run out again and compare what comes out, bit for bit.",
    discussion: """
      Every point of every metric but times, the scores, the answers to test examples and the \
      adapter's tensors. Where they part, the first step with both values, and what differs around \
      the run. The store stays as it is: the repetition has a folder of its own, which --keep keeps.

      A method of an experiment's file is compiled from the text that the store keeps. Runs that \
      it starts from are not repeated: their adapters are copied. Threads are those of then. The \
      exit code is 0 where all is equal and 1 where it parts.

      Example: dept reproduce 3f2a
               dept reproduce best --json
      """)

  @Argument(help: "The run's id, its first digits, or a tag.") var run: String
  @OptionGroup var surroundingsOptions: SurroundingsOptions
  @Flag(help: "Keep the folder of the repetition.") var keep = false
  @Flag(help: "Print JSON.") var json = false

  func run() async throws {
    let surroundings = surroundingsOptions.surroundings()
    let store = try surroundingsOptions.store()
    let original = try store.run(run)
    let reproduction = try await Reproduction(original, in: store, surroundings)
    let signals = StopSignals()
    let bar = ProgressLine(
      total: original.spec.schedule.steps, isDrawn: surroundings.drawsProgress && !json,
      label: original.id.short)
    defer { if !keep { reproduction.remove() } }
    let repetition = try await reproduction.carryOut(signals) { step in
      bar.update(step, detail: original.spec.name)
    }
    bar.finish()
    if let signal = signals.received { throw ExitCode(128 + signal) }
    var verdict = try reproduction.verdict(on: repetition)
    verdict.folder = keep ? reproduction.folder.path : nil
    if json {
      try Output.json(verdict)
    } else {
      print(verdict.text(original.spec.name), terminator: "")
    }
    if !verdict.equal { throw ExitCode(Failure.Code.runFailed.rawValue) }
  }
}
