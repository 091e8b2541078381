import ArgumentParser
import Experiments
import RunStorage

extension RunsCommand {
  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show everything about one run.", discussion: "Example: dept runs show 3f2a")

    @OptionGroup var surroundingsOptions: SurroundingsOptions
    @Argument(help: "The run's id, or its first digits.") var id: String
    @Flag(help: "Print JSON, with every point of every metric.") var json = false

    func run() throws {
      let store = try surroundingsOptions.store()
      let run = try store.run(id)
      if json {
        try Output.json(run)
        return
      }
      var table = TextTable(columns: ["field", "value"])
      for (name, value) in RunFields(run).all { table.rows.append([name, value]) }
      for tag in try store.tags(of: run.id) { table.rows.append(["tag", tag]) }
      for note in try store.notes(on: .run(run.id)) {
        table.rows.append(["note of \(note.createdAt.prefix(10))", note.text])
      }
      print(table.aligned, terminator: "")
    }
  }

  struct Diff: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show in which fields two runs differ.",
      discussion: "Example: dept runs diff 3f2a 77c0")

    @OptionGroup var surroundingsOptions: SurroundingsOptions
    @Argument(help: "One run's id, or its first digits.") var first: String
    @Argument(help: "The other run's.") var second: String
    @Flag(help: "Print JSON: an object for each field that differs.") var json = false

    func run() throws {
      let store = try surroundingsOptions.store()
      let runs = (try store.run(first), try store.run(second))
      let values = (
        Dictionary(RunFields(runs.0).all) { a, _ in a },
        Dictionary(RunFields(runs.1).all) { a, _ in a }
      )
      let names = Set(values.0.keys).union(values.1.keys).subtracting(["id"]).sorted()
      let differing = names.filter { values.0[$0] != values.1[$0] }
      if json {
        try Output.json(
          differing.map { ["field": $0, "first": values.0[$0], "second": values.1[$0]] })
        return
      }
      let table = TextTable(
        columns: ["field", runs.0.id.short, runs.1.id.short],
        rows: differing.map { [$0, values.0[$0] ?? "", values.1[$0] ?? ""] })
      print(table.aligned, terminator: "")
    }
  }
}

/// Every field of a run with its text: what `show` lists and `diff` compares.
struct RunFields {
  let all: [(String, String)]

  init(_ run: FrozenRun) {
    var all = run.fieldNames.compactMap { name in
      run.field(name).map { (name, $0.plainText) }
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
    if let failure = run.failure { all.append(("failure", failure.message)) }
    for (name, points) in run.curves.sorted(by: { $0.key < $1.key }) {
      guard let last = points.last else { continue }
      all.append((name, "\(RunListing.rounded(last.value)) at step \(last.step)"))
    }
    self.all = all
  }
}
