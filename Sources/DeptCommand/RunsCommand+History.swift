import ArgumentParser
import Experiments
import RunStorage

extension RunsCommand {
  struct History: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show how a metric of runs went, thinned to what a picture needs.",
      discussion: """
        --json prints [{"run","metric","points","columns": [{"first_step","last_step","points",\
        "min","max","last"}, …]}, …], a column for each stretch of steps that holds points: its \
        smallest, largest and last value. --csv prints the same, a line a column.

        Example: dept runs history 3f2a 77c0 --metric train/loss --pixels 200 --json
        """)

    @OptionGroup var surroundingsOptions: SurroundingsOptions
    @Argument(help: "The runs' ids, or the first digits of each.") var runs: [String]
    @Option(help: "The metric, such as train/loss.") var metric: String
    @Option(help: "The most columns of a run (default: 200, or what fits on the screen).")
    var pixels: Int?
    @Flag(help: "Print a JSON array.") var json = false
    @Flag(help: "Print comma-separated values.") var csv = false

    func validate() throws {
      if let pixels, !(1...1 << 20).contains(pixels) {
        throw ValidationError("--pixels must lie between 1 and \(1 << 20)")
      }
    }

    func run() throws {
      let store = try surroundingsOptions.store()
      let ids = try runs.map { try store.identity($0) }
      let isPicture = !json && !csv
      let pixels = isPicture ? min(pixels ?? .max, CurvePlot.columns) : pixels ?? 200
      let histories = try store.history(of: ids, metric: metric, pixels: pixels)
      guard histories.contains(where: { !$0.columns.isEmpty }) else {
        throw Failure(.missingInput, try missing(store, ids))
      }
      if json { return try Output.json(histories.map(Listing.init)) }
      if csv {
        let rows = histories.flatMap { history in
          history.columns.map { column in
            [history.run.rawValue, String(column.firstStep), String(column.lastStep)]
              + [String(column.points), "\(column.min)", "\(column.max)", "\(column.last)"]
          }
        }
        let table = TextTable(
          columns: ["run", "first_step", "last_step", "points", "min", "max", "last"], rows: rows)
        return print(table.commaSeparated, terminator: "")
      }
      print(CurvePlot(histories).text, terminator: "")
    }

    private func missing(_ store: RunStore, _ ids: [RunID]) throws -> String {
      let known = try store.metrics(of: ids)
      let subject = ids.count == 1 ? "run \(ids[0].short) has" : "these runs have"
      guard !known.isEmpty else {
        return "\(subject) no points of any metric yet; `dept runs show` tells how far a run is"
      }
      return "\(subject) no metric '\(metric)'\(NearestName.hint(for: metric, among: known))"
    }
  }
}

extension RunsCommand.History {
  /// The keys are a promise.
  private struct Listing: Encodable {
    struct Column: Encodable {
      let first_step, last_step, points: Int
      let min, max, last: Double
    }
    let run: RunID
    let metric: String
    let points: Int
    let columns: [Column]

    init(_ history: MetricHistory) {
      run = history.run
      metric = history.metric
      points = history.points
      columns = history.columns.map {
        Column(
          first_step: $0.firstStep, last_step: $0.lastStep, points: $0.points, min: $0.min,
          max: $0.max, last: $0.last)
      }
    }
  }
}
