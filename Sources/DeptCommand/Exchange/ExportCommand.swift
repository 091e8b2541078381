import ArgumentParser
import Exchange
import Experiments
import RunStorage

/// `dept export`: writes an experiment's runs for other programs.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write an experiment's runs and points for other programs.",
    discussion: """
      csv: runs.csv, a row a run, and metrics.csv, a row a point. jsonl: the same, an object a \
      line. tensorboard: a folder a run with an event file, hyperparameters included; values are \
      single precision there. mlflow: mlflow.db, which MLflow \(Self.mlflow) opens.

      The store keeps no time for every point: for TensorBoard and MLflow, steps are spread evenly \
      between a run's beginning and end.

      Examples:
        dept export glue --format csv
        dept export glue --format tensorboard --where "method = dept" --output runs/tensorboard
        dept export glue --format mlflow && mlflow ui --backend-store-uri \
      sqlite:///exports/glue/mlflow.db
      """)

  private static let mlflow = "3.17"

  @OptionGroup var surroundingsOptions: SurroundingsOptions
  @Argument(help: "The experiment.") var experiment: String
  @Option(help: "csv, jsonl, tensorboard, mlflow.") var format: String
  @Option(help: "The folder to write to (default: exports/<experiment>).") var output: String?
  @Option(name: .customLong("where"), help: "Only runs that fit this condition.")
  var condition: String?
  @Flag(help: "Replace the files of an earlier export.") var force = false
  @Flag(help: "Print {\"experiment\",\"format\",\"runs\",\"path\"}.") var json = false

  func run() throws {
    guard let format = ExportFormat(rawValue: format) else {
      let known = ExportFormat.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("--format \(format): known are \(known)")
    }
    let name = experiment.map { $0 == "/" || $0 == "\0" ? "-" : String($0) }.joined()
    let folder = output ?? "exports/\(name.hasPrefix(".") ? "-" + name : name)"
    let export = try RunExport(
      experiment, of: try surroundingsOptions.store(),
      where: try condition.map { try RunFilter($0) },
      to: folder, replaces: force)
    let (runs, path) = try export.write(as: format)
    if json {
      try Output.json(
        Written(experiment: experiment, format: format.rawValue, runs: runs, path: path))
    } else {
      print("\(runs) run\(runs == 1 ? "" : "s") written to \(path)")
    }
  }

  private struct Written: Encodable {
    var experiment: String
    var format: String
    var runs: Int
    var path: String
  }
}
