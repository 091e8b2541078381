import ArgumentParser
import Exchange
import Foundation
import RunStorage

/// `dept import`: takes over runs that other trackers have recorded.
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Take over runs that other trackers have recorded.",
    discussion: """
      Imported runs are listed, compared, queried and reported like others; no plan ever starts \
      them, and importing again only brings what is new.
      Example: dept import mlflow mlflow.db
      """,
    subcommands: [MLflow.self, TensorBoard.self])

  struct MLflow: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "mlflow", abstract: "Import the runs of an MLflow database.",
      discussion: """
        Parameters become hyperparameters; backbone, data set, method and seed are those that have \
        such a name (model, model_name, dataset, task, method, seed, …). Metrics named test/…, \
        validation/…, eval_… and the like give the scores. A run that MLflow has as running counts \
        as failed. Deleted runs and artifacts stay behind.
        Example: dept import mlflow mlflow.db --experiment glue
        """)

    @OptionGroup var surroundingsOptions: SurroundingsOptions
    @Argument(help: "mlflow.db, or the folder it lies in.", completion: .file())
    var path: String
    @Option(help: "Only this experiment; may be given several times (default: all).")
    var experiment: [String] = []
    @Flag(help: "Print {\"added\",\"renewed\",\"known\",\"remarks\"}.") var json = false

    func run() throws {
      let runs = try MLflowImport(path)
      let writer = try StoreWriter(home: surroundingsOptions.homePath, purpose: "an import")
      let line = ImportLine(surroundingsOptions.surroundings())
      try line.finish(
        try runs.importRuns(of: experiment, into: writer, progress: line.show), json: json)
    }
  }

  struct TensorBoard: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "tensorboard", abstract: "Import the runs of TensorBoard's event files.",
      discussion: """
        Every folder with event files is a run; scalars and hyperparameters are taken over. A file \
        that ends within a record, because its writer was killed, is read as far as it is whole.
        Example: dept import tensorboard runs --experiment "first tries"
        """)

    @OptionGroup var surroundingsOptions: SurroundingsOptions
    @Argument(help: "A folder with event files below it, or one file.", completion: .directory)
    var path: String
    @Option(help: "The experiment that the runs belong to (default: the folder's name).")
    var experiment: String?
    @Flag(help: "Print {\"added\",\"renewed\",\"known\",\"remarks\"}.") var json = false

    func run() throws {
      let runs = try TensorBoardImport(path, experiment: experiment)
      let writer = try StoreWriter(home: surroundingsOptions.homePath, purpose: "an import")
      let line = ImportLine(surroundingsOptions.surroundings())
      try line.finish(try runs.importRuns(into: writer, progress: line.show), json: json)
    }
  }
}

/// What an import tells while it goes on and at its end.
private struct ImportLine {
  private let isDrawn: Bool

  init(_ surroundings: Surroundings) { isDrawn = surroundings.drawsProgress }

  func show(_ done: Int, _ all: Int) {
    guard isDrawn, done % 10 == 0 || done == all else { return }
    FileHandle.standardError.write(Data("\r\u{1b}[K\(done) of \(all) runs".utf8))
    if done == all { FileHandle.standardError.write(Data("\n".utf8)) }
  }

  func finish(_ summary: ImportSummary, json: Bool) throws {
    if json {
      try Output.json(
        Imported(
          added: summary.added, renewed: summary.renewed, known: summary.known,
          remarks: summary.remarks))
      return
    }
    summary.remarks.forEach(Output.note)
    print(
      "\(summary.added) runs imported, \(summary.renewed) brought up to date, "
        + "\(summary.known) already there")
  }

  private struct Imported: Encodable {
    var added: Int
    var renewed: Int
    var known: Int
    var remarks: [String]
  }
}
