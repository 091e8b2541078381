import ArgumentParser
import Experiments
import Foundation
import RunStorage
import Scheduling

/// `dept status`: how far experiments are.
struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show how far experiments are.",
    discussion: "Example: dept status glue --watch")

  @OptionGroup var surroundingsOptions: SurroundingsOptions
  @Argument(help: "The experiment (default: all, the newest first).") var experiment: String?
  @Flag(help: "Print JSON.") var json = false
  @Flag(help: "Show it again every second, until nothing runs.") var watch = false

  func run() throws {
    while true {
      let store = try surroundingsOptions.store()
      let names = try experiment.map { [$0] } ?? store.experiments()
      let statuses = try names.map { try store.status(of: $0) }
      let paused = names.filter {
        Suspension(home: surroundingsOptions.homePath, experiment: $0).isOn
      }
      if json {
        try Output.json(
          statuses.map { StatusListing($0, isPaused: paused.contains($0.experiment)) })
      } else {
        show(statuses)
        for name in paused { print("  \(name) is paused; `dept resume \(name)` lets it go on") }
        if let experiment {
          for note in try store.notes(on: .experiment(experiment)) {
            print("  note of \(note.createdAt.prefix(10)): \(note.text)")
          }
        }
      }
      guard watch, statuses.contains(where: { $0.scheduler != nil }) else { return }
      Thread.sleep(forTimeInterval: 1)
      if !json, isatty(STDOUT_FILENO) != 0 { print("\u{1b}[H\u{1b}[2J", terminator: "") }
    }
  }

  private func show(_ statuses: [ExperimentStatus]) {
    let states: [RunState] = [
      .succeeded, .running, .queued, .failed, .cancelled, .pruned, .lost,
    ]
    var table = TextTable(columns: ["experiment", "runs"] + states.map(\.rawValue) + ["process"])
    for status in statuses {
      table.rows.append(
        [status.experiment, "\(status.planned)"]
          + states.map { "\(status.counts[$0] ?? 0)" } + [status.scheduler.map { "\($0)" } ?? ""])
    }
    print(table.aligned, terminator: "")
    for active in statuses.flatMap(\.active) {
      print(
        "  \(active.id.short)  attempt \(active.attempt)  step \(active.step)"
          + (active.steps.map { "/\($0)" } ?? ""))
    }
  }
}

/// The JSON of one experiment's status.
private struct StatusListing: Encodable {
  private struct Active: Encodable {
    var id: RunID
    var attempt: Int
    var step: Int
    var steps: Int?
  }

  private var experiment: String
  private var planned: Int
  private var states: [String: Int]
  private var active: [Active]
  private var pid: Int?
  private var paused: Bool

  init(_ status: ExperimentStatus, isPaused: Bool) {
    paused = isPaused
    experiment = status.experiment
    planned = status.planned
    states = Dictionary(
      uniqueKeysWithValues: status.counts.map { ($0.key.rawValue, $0.value) })
    active = status.active.map {
      Active(id: $0.id, attempt: $0.attempt, step: $0.step, steps: $0.steps)
    }
    pid = status.scheduler
  }
}
