import ArgumentParser
import Experiments
import RunStorage

extension RunsCommand {
  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show everything about one run, and what surrounded it.",
      discussion: """
        --patch prints the changes that the commit does not have, for git apply; --source the \
        experiment's file as it was.
        Example: dept runs show 3f2a
                 dept runs show 3f2a --patch
        """)

    @OptionGroup var surroundingsOptions: SurroundingsOptions
    @Argument(help: "The run's id, or its first digits.") var id: String
    @Flag(help: "Print JSON, with every point of every metric.") var json = false
    @Flag(help: "Print the patch of uncommitted changes it was carried out with.")
    var patch = false
    @Flag(help: "Print the experiment's file it was carried out with.") var source = false

    func validate() throws {
      guard [json, patch, source].count(where: { $0 }) < 2 else {
        throw ValidationError("choose one of --json, --patch and --source")
      }
    }

    func run() throws {
      let store = try surroundingsOptions.store()
      let run = try store.run(id)
      if patch { return try store.show(run.provenance.patch, of: run, "patch") }
      if source {
        return try store.show(run.provenance.experimentSource, of: run, "experiment's file")
      }
      let environment = try store.environment(of: run)
      if json {
        try Output.json(RecordedRun(run: run, surroundings: environment))
        return
      }
      var table = TextTable(columns: ["field", "value"])
      for (name, value) in RunFields(run).all { table.rows.append([name, value]) }
      for tag in try store.tags(of: run.id) { table.rows.append(["tag", tag]) }
      for note in try store.notes(on: .run(run.id)) {
        table.rows.append(["note of \(note.createdAt.prefix(10))", note.text])
      }
      if let environment {
        let fields = environment.commandFields + environment.codeFields + environment.machineFields
        let shown = Set(table.rows.map { $0[0] })
        for (name, value) in fields where !shown.contains(name) {
          table.rows.append([name, value])
        }
      }
      print(table.aligned, terminator: "")
    }
  }

  struct Diff: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Explain in what two runs differ: asked, data, code, environment, results.",
      discussion: """
        Curves are compared point by point; the first step where they part is named. Times are \
        not compared.
        Example: dept runs diff 3f2a 77c0
                 dept runs diff 3f2a 77c0 --tolerance 1e-6
        """)

    @OptionGroup var surroundingsOptions: SurroundingsOptions
    @Argument(help: "One run's id, or its first digits.") var first: String
    @Argument(help: "The other run's.") var second: String
    @Option(help: "How far numbers may be apart and still count as equal (default: not a bit).")
    var tolerance = 0.0
    @Flag(help: "Print JSON.") var json = false

    func validate() throws {
      guard tolerance >= 0 else { throw ValidationError("--tolerance must not be negative") }
    }

    func run() throws {
      let store = try surroundingsOptions.store()
      let runs = (try store.run(first), try store.run(second))
      let comparison = try RunComparison(runs.0, runs.1, in: store, tolerance: tolerance)
      if json { return try Output.json(comparison) }
      print(comparison.text((runs.0.spec.name, runs.1.spec.name)), terminator: "")
    }
  }
}

/// Every field of a run with its text: what `show` lists.
struct RunFields {
  let all: [(String, String)]

  init(_ run: FrozenRun) {
    var all = run.fieldNames.compactMap { name in
      run.field(name).map { (name == "failure" ? "failure kind" : name, $0.plainText) }
    }
    let provenance = run.provenance
    all += [
      ("version", provenance.version), ("machine", provenance.machine),
      ("data digest", provenance.dataDigest), ("backbone digest", provenance.backboneDigest),
      ("commit", provenance.commit), ("started", provenance.startedAt),
      ("finished", provenance.finishedAt),
    ].filter { !$0.1.isEmpty }
    let sources = zip(provenance.sources ?? [], run.spec.sources)
    all += sources.map { ("source \($0.short)", $1.name) }
    if let rows = run.summary?.partRows {
      all.append(("encoder rows in a part of a step", "\(rows) at the most, for want of memory"))
    }
    if let failure = run.failure { all.append(("failure", failure.message)) }
    for (name, points) in run.curves.sorted(by: { $0.key < $1.key }) {
      guard let last = points.last else { continue }
      all.append((name, "\(RunListing.rounded(last.value)) at step \(last.step)"))
    }
    self.all = all
  }
}
