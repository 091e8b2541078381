import Backbones
import Datasets
public import Documents
public import Experiments

/// Where the numbers come from: versions, machine, digests, commit, search budget, run identities.
public struct Provenance: Cell {
  public init() {}

  public func blocks(_ results: ResultSet) -> [Block] {
    guard !results.runs.isEmpty else { return [] }
    var blocks: [Block] = [
      .heading(level: 2, text: ["Provenance"]), .definitions(definitions(results)),
    ]
    let failed = results.everything.filter { $0.state == .failed }
    if !failed.isEmpty {
      blocks.append(
        .details(
          summary: counted(failed.count, "failed run"),
          blocks: [.list(ordered: false, items: failed.map { Self.failure($0) })]))
    }
    blocks.append(
      .details(
        summary: "Identities of \(counted(results.runs.count, "run"))",
        blocks: [.table(identities(results.runs))]))
    if !results.sources.isEmpty {
      blocks.append(
        .details(
          summary: "Identities of \(counted(results.sources.count, "run")) that others start from",
          blocks: [.table(identities(results.sources, name: "sources"))]))
    }
    if !results.candidates.isEmpty {
      blocks.append(
        .details(
          summary: "Identities of \(counted(results.candidates.count, "run")) of searches",
          blocks: [.table(identities(results.candidates, name: "searches"))]))
    }
    return blocks
  }

  private func definitions(_ results: ResultSet) -> [Definition] {
    let runs = results.runs
    let facts = ResultFacts(results)
    var list: [Definition] = []
    func add(_ term: String, _ values: [String]) {
      let known = values.filter { !$0.isEmpty }
      if !known.isEmpty { list.append(Definition(term, known.joined(separator: "; "))) }
    }
    add("Experiment", [results.experiment])
    add("dept", runs.distinct(\.provenance.version).sorted())
    add("Machine", runs.distinct(\.provenance.machine).sorted())
    add("Commit", runs.distinct(\.provenance.commitAndChanges).sorted())
    for (term, values) in digests(runs) {
      list.append(
        Definition(term, Array(values.map { [Inline.code($0)] }.joined(separator: [", "]))))
    }
    let states = RunState.allCases.compactMap { state -> String? in
      let count = runs.count { $0.state == state }
      return count == 0 ? nil : "\(count) \(state.rawValue)"
    }
    add("Runs", [states.joined(separator: ", ")])
    add("Starts from", runs.distinct(\.spec.sources).flatMap { $0.map(\.name) }.uniqued)
    let configurations = runs.configurations.count
    add(
      "Search budget",
      [
        "\(counted(configurations, "configuration")) tried, seeds "
          + runs.distinct(\.spec.seed).sorted().map { "\($0)" }.joined(separator: ", "),
        results.candidates.isEmpty ? "" : Self.searched(results.candidates),
      ])
    if facts.totalSeconds > 0 { add("Computing", [NumberFormat.duration(facts.totalSeconds)]) }
    add("First start", [runs.map(\.provenance.startedAt).filter { !$0.isEmpty }.min() ?? ""])
    add("Last end", [runs.map(\.provenance.finishedAt).filter { !$0.isEmpty }.max() ?? ""])
    return list
  }

  /// `12 configurations in 12 runs of searches`.
  private static func searched(_ candidates: [FrozenRun]) -> String {
    "\(counted(candidates.configurations.count, "configuration")) in "
      + "\(counted(candidates.count, "run")) of searches"
  }

  /// Digests by data set and by backbone, shortened to twelve digits.
  private func digests(_ runs: [FrozenRun]) -> [(String, [String])] {
    func short(_ values: [String]) -> [String] {
      values.filter { !$0.isEmpty }.map { String($0.prefix(12)) }.sorted()
    }
    let data = runs.distinct(\.spec.dataset).map { dataset in
      let own = runs.filter { $0.spec.dataset == dataset }
      return ("Data \(dataset)", short(own.distinct(\.provenance.dataDigest)))
    }
    let backbones = runs.distinct(\.spec.backbone).map { backbone in
      let own = runs.filter { $0.spec.backbone == backbone }
      return ("Backbone \(backbone)", short(own.distinct(\.provenance.backboneDigest)))
    }
    return (data + backbones).filter { !$0.1.isEmpty }
  }

  private static func failure(_ run: FrozenRun) -> [Inline] {
    let reason = run.failure.map { failure in
      " (\(failure.kind.rawValue)\(failure.step.map { ", step \($0)" } ?? "")): \(failure.message)"
    }
    return [
      .code(run.id.short),
      .text(" \(run.spec.method.name) on \(run.spec.dataset), seed \(run.spec.seed)"),
      .text(reason ?? ""),
    ]
  }

  private func identities(_ runs: [FrozenRun], name: String = "runs") -> Table {
    let titles = MethodTitles.labels(Axis.method.coordinates(of: runs.map(\.spec)))
    let rows = runs.map { run in
      [
        TableCell.text(run.id.short),
        .text(titles[.method(run.spec.method)] ?? run.spec.method.name),
        .text(Axis.learningRates.coordinate(run.spec).label), .text(run.spec.dataset.rawValue),
        .text(run.spec.backbone.rawValue),
        TableCell(.quantity(Double(run.spec.seed), printed: "\(run.spec.seed)")),
        .text(run.state.rawValue),
      ]
    }
    let names = ["Run", "Method", "Learning rates", "Data set", "Backbone", "Seed", "State"]
    return Table(
      name: name,
      columns: names.map {
        TableColumn($0, alignment: $0 == "Seed" ? .trailing : .leading)
      }, groups: [RowGroup(rows: rows)])
  }
}

extension [String] {
  /// Each once, in the order of first appearance.
  fileprivate var uniqued: [String] {
    var seen: Set<String> = []
    return filter { seen.insert($0).inserted }
  }
}

extension RunProvenance {
  /// The commit, with the hash of the patch that leads from it to what was carried out.
  fileprivate var commitAndChanges: String {
    guard let patch else { return commit }
    return "\(commit) with changes (patch \(patch.prefix(12)))"
  }
}
