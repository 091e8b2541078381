import ArgumentParser
import Experiments
import Foundation
import RunStorage
import Scheduling

/// `dept runs`: looks at runs, one by one.
struct RunsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs", abstract: "List, show and compare runs.",
    discussion: """
      A run is named by its id or the first digits of it.
      Examples:
        dept runs list --where "method = dept and test.accuracy > 0.8"
        dept runs list --sort "best(validation/accuracy):desc" --limit 10
      """,
    subcommands: [
      List.self, Show.self, History.self, Diff.self, Logs.self, Delete.self, Restore.self,
    ],
    defaultSubcommand: List.self)

  struct Logs: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print what a run printed.",
      discussion: "Example: dept runs logs 3f2a --attempt 1")

    @OptionGroup var surroundingsOptions: SurroundingsOptions
    @Argument(help: "The run's id, or its first digits.") var id: String
    @Option(help: "The attempt, from 1 (default: the newest).") var attempt: Int?

    func run() throws {
      let run = try surroundingsOptions.store().run(id)
      let number = attempt ?? run.attempts
      guard number >= 1, number <= run.attempts else {
        throw Failure(
          .usage,
          "run \(run.id.short) has \(run.attempts) attempts; choose one with --attempt")
      }
      let path = RunFolder(home: surroundingsOptions.homePath, run: run.id).log(attempt: number)
      // A run that printed nothing may have no log.
      FileHandle.standardOutput.write(FileManager.default.contents(atPath: path) ?? Data())
    }
  }

  struct Delete: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Hide a run from every list, until it is restored or planned again.",
      discussion: "Example: dept runs delete 3f2a")

    @OptionGroup var surroundingsOptions: SurroundingsOptions
    @Argument(help: "The run's id, or its first digits.") var id: String

    func run() throws {
      let id = try surroundingsOptions.store().identity(id)
      try StoreWriter(home: surroundingsOptions.homePath, purpose: "a deletion").delete(id)
    }
  }

  struct Restore: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show a deleted run again.", discussion: "Example: dept runs restore 3f2a")

    @OptionGroup var surroundingsOptions: SurroundingsOptions
    @Argument(help: "The run's id, or its first digits.") var id: String

    func run() throws {
      let id = try surroundingsOptions.store().identity(id)
      try StoreWriter(home: surroundingsOptions.homePath, purpose: "a restoration").restore(id)
    }
  }
}
