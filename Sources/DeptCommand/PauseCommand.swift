import ArgumentParser
import Foundation
import RunStorage
import Scheduling

/// `dept pause`: lets nothing more of an experiment be started.
struct PauseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pause", abstract: "Let nothing more of an experiment start, for now.",
    discussion: """
      The runs in hand write a checkpoint and wait; whoever carries the experiment out stays, and \
      so does the pause, until `dept resume`.
      Example: dept pause glue
      """)

  @OptionGroup var surroundingsOptions: SurroundingsOptions
  @Argument(help: "The experiment.") var experiment: String

  func run() throws {
    let status = try surroundingsOptions.store().status(of: experiment)
    try Suspension(home: surroundingsOptions.homePath, experiment: experiment).begin()
    let running = status.scheduler == nil ? "" : "; its runs stop after a checkpoint"
    print("\(experiment) is paused\(running); `dept resume \(experiment)` lets it go on")
  }
}

/// `dept resume`: lets a paused experiment go on.
struct ResumeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Let a paused experiment go on.",
    discussion: "Example: dept resume glue")

  @OptionGroup var surroundingsOptions: SurroundingsOptions
  @Argument(help: "The experiment.") var experiment: String

  func run() throws {
    let status = try surroundingsOptions.store().status(of: experiment)
    let suspension = Suspension(home: surroundingsOptions.homePath, experiment: experiment)
    guard suspension.isOn else {
      print("\(experiment) is not paused")
      return
    }
    try suspension.end()
    print(
      status.scheduler == nil
        ? "\(experiment) is not paused any more; `dept run` carries it on"
        : "\(experiment) goes on")
  }
}
