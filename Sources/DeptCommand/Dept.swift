import ArgumentParser
import Foundation
import TensorEngine

/// The command line `dept`: one file a command, one line here.
@main
struct Dept: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dept",
    abstract: "A workbench for research on parameter-efficient fine-tuning.",
    discussion: """
      Write a sweep as a Swift file, see what it would do, run it, read the report:

        dept plan experiments/quickstart.swift
        dept run  experiments/quickstart.swift
        open reports/quickstart/index.html
      """,
    version: Version.current,
    groupedSubcommands: [
      CommandGroup(
        name: "Experiments",
        subcommands: [
          PlanCommand.self, RunCommand.self, ReportCommand.self, WatchCommand.self,
          OrdersCommand.self,
        ]),
      CommandGroup(
        name: "Results",
        subcommands: [
          StatusCommand.self, StopCommand.self, PauseCommand.self, ResumeCommand.self,
          RunsCommand.self, NoteCommand.self, TagCommand.self, QueryCommand.self,
          StoreCommand.self, ExportCommand.self, ImportCommand.self, ReproduceCommand.self,
        ]),
      CommandGroup(
        name: "One run",
        subcommands: [
          TrainCommand.self, EvaluateCommand.self, PredictCommand.self, ScoreCommand.self,
          ParamsCommand.self, TokenizeCommand.self, AdapterCommand.self,
        ]),
      CommandGroup(
        name: "Data",
        subcommands: [
          FetchCommand.self, DataCommand.self, DatasetsCommand.self, MetricCommand.self,
          GCCommand.self,
        ]),
      CommandGroup(
        name: "Models, benchmarks and health",
        subcommands: [
          MethodsCommand.self, BackbonesCommand.self, PretrainCommand.self, BenchCommand.self,
          DoctorCommand.self,
        ]),
    ])

  static func main() async {
    // The parser alone would take a third of the time that a version should.
    if CommandLine.arguments.dropFirst() == ["--version"] {
      print(Version.current)
      return
    }
    Engine.onMemoryShortage {
      Failure.end($0, code: .unavailable, remedy: "close other programs, or take a smaller batch")
    }
    do {
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch let code as ExitCode {
      Foundation.exit(code.rawValue)
    } catch {
      Failure.end(error)
    }
  }
}

/// The version of the program.
enum Version {
  static let current = "0.1.0"
}
