import ArgumentParser
import Experiments
import RunStorage

extension RunsCommand {
  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List runs, oldest first.",
      discussion: """
        Fields for --where, --sort and --columns: id, experiment, state, backbone, method, \
        dataset, seed, attempts, parameters, seconds, bestStep, failure, tag, every \
        hyperparameter and \
        property of the schedule, scores such as test.accuracy, and of some runs sources, tasks \
        and test.rte/accuracy; of a run's points best(validation/accuracy), last(train/loss), \
        min(…) and max(…).

        Conditions: =, !=, <, <=, >, >=, ~ (contains), ~= (regular expression), in (1, 2), \
        in 1...3, in 0..<10, between 1 and 3, is missing, and, or, not, (…). A comma means and; \
        texts with spaces stand in quotation marks. docs/filters.md has the grammar.

        Examples:
          dept runs list --where "dataset = mrpc and seed in 1...3" --csv
          dept runs list --where "tag = best or best(validation/accuracy) > 0.85"
          dept runs list --sort test.accuracy:desc --limit 10 --columns id,method,test.accuracy
        """)

    @OptionGroup var surroundingsOptions: SurroundingsOptions
    @Option(name: .customLong("where"), help: "Only runs that fit this condition.")
    var condition: String?
    @Option(
      help: "Sort by a field, FIELD or FIELD:desc; several by commas (default: oldest first).")
    var sort: String?
    @Option(help: "At most so many runs.") var limit: Int?
    @Option(help: "The fields to show, by commas (default: those of the usual table).")
    var columns: String?
    @Flag(help: "List deleted runs instead.") var deleted = false
    @Flag(help: "Print a JSON array.") var json = false
    @Flag(help: "Print comma-separated values.") var csv = false

    func validate() throws {
      guard (limit ?? 1) > 0 else { throw ValidationError("--limit must be at least 1") }
      for (name, text) in [("sort", sort), ("columns", columns)] {
        if let text, Self.list(text).isEmpty || Self.list(text).contains("") {
          throw ValidationError("--\(name) takes names of fields, separated by commas")
        }
      }
    }

    func run() throws {
      let shown = columns.map(Self.list)
      let request = RunListRequest(
        where: try condition.map { try RunFilter($0) }, by: sort.map(Self.order) ?? [],
        limit: limit, deleted: deleted, shown: shown ?? [])
      let runs = try surroundingsOptions.store().list(request)
      if let shown { try check(shown, runs) }
      if json {
        Output.text(RunListing.document(runs.map { RunListing(run: $0).json(shown) }))
        return
      }
      let table = TextTable(
        columns: shown ?? RunListing.columns,
        rows: runs.map { run in
          let listing = RunListing(run: run)
          return shown.map { $0.map(listing.cell) } ?? listing.cells
        })
      Output.text(csv ? table.commaSeparated : table.aligned)
    }

    /// Refuses to show a field that none of the runs can have.
    private func check(_ shown: [String], _ runs: [ListedRun]) throws {
      guard !runs.isEmpty else { return }
      for name in shown where !RunListing.columns.contains(name) && !name.contains(".") {
        if PointSummary.parse(name) != nil || runs.contains(where: { $0.field(name) != nil }) {
          continue
        }
        let known = runs.reduce(into: Set<String>()) { $0.formUnion($1.fieldNames) }
        guard known.contains(name) else {
          throw RunFilterError.unknownField(name, column: 0, known: known.sorted())
        }
      }
    }

    private static func list(_ text: String) -> [String] {
      text.split(separator: ",", omittingEmptySubsequences: false).map {
        String($0.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
      }
    }

    private static func order(_ text: String) -> [RunListRequest.Order] {
      list(text).map { field in
        for (ending, isDescending) in [(":desc", true), (":asc", false)]
        where field.hasSuffix(ending) {
          return RunListRequest.Order(
            field: String(field.dropLast(ending.count)), isDescending: isDescending)
        }
        return RunListRequest.Order(field: field)
      }
    }
  }
}
