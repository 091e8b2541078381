import ArgumentParser
import Backbones
import Datasets
import Fetching
import Foundation

/// `dept fetch`: brings data sets and backbones to this machine.
struct FetchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fetch",
    abstract: "Download data sets and backbones: resumed, hashed, kept.",
    discussion: """
      A cut-off download goes on where it stopped. DEPT_MIRROR names a server or a directory that \
      is read instead of the original hosts, DEPT_OFFLINE=1 forbids connections.

      Examples:
        dept fetch sst2 rte cb
        dept fetch t5-small google/t5-v1_1-small
        dept fetch all
        dept fetch --list
      """)

  @OptionGroup var surroundingsOptions: SurroundingsOptions
  @Argument(help: "Names of data sets and backbones; all: every data set.") var names: [String] = []
  @Flag(help: "Only say what is known by name and what is here.") var list = false
  @Flag(help: "Fetch also what is here already.") var again = false
  @Flag(help: "Print one JSON document.") var json = false

  func validate() throws {
    guard list || !names.isEmpty else {
      throw ValidationError("name a data set or a backbone, or give --list")
    }
  }

  func run() throws {
    let surroundings = surroundingsOptions.surroundings()
    let targets = try FetchTarget.named(names.isEmpty ? ["all"] : names, withBackbones: list)
    guard !list else { return try show(targets, surroundings) }
    var rows: [Row] = []
    var failure: Failure?
    for target in targets {
      let line = TransferLine(isDrawn: surroundings.drawsProgress)
      do {
        let report = try target.fetch(surroundings, again: again) { line.show($0) }
        line.finish()
        rows.append(Row(target, report))
        if !json { announce(report) }
        for url in report.changed { Output.note("dept: \(url) has changed since it was fetched") }
      } catch {
        line.finish()
        let fault = Failure(error)
        rows.append(Row(target, failure: fault))
        // One that fails does not keep the others from being fetched.
        if let failure { Output.note("dept: \(failure.description)") }
        failure = fault
      }
    }
    if json { try Output.json(rows) }
    if let failure { throw failure }
  }

  private struct Row: Encodable {
    let name, kind, outcome: String
    let folder: String?
    let files: [FetchManifest.Source]
    let changed: [String]
    let error: String?

    init(_ target: FetchTarget, _ report: FetchReport) {
      name = target.name
      kind = target.kind
      outcome = report.outcome.rawValue
      folder = report.outcome == .builtIn ? nil : report.folder.path
      files = report.sources
      changed = report.changed
      error = nil
    }

    init(_ target: FetchTarget, failure: Failure) {
      name = target.name
      kind = target.kind
      outcome = "failed"
      folder = nil
      files = []
      changed = []
      error = failure.description
    }
  }

  private struct ListRow: Encodable {
    let name, kind: String
    let available: Bool
  }

  private func announce(_ report: FetchReport) {
    let bytes = report.sources.reduce(0) { $0 + $1.bytes }
    switch report.outcome {
    case .fetched: print("\(report.name): fetched, \(TransferLine.size(bytes))")
    case .present: print("\(report.name): is here already")
    case .builtIn: print("\(report.name): built in, nothing to fetch")
    }
  }

  private func show(_ targets: [FetchTarget], _ surroundings: Surroundings) throws {
    let rows = targets.map {
      ListRow(name: $0.name, kind: $0.kind, available: $0.isAvailable(surroundings))
    }
    if json { return try Output.json(rows) }
    let width = rows.map(\.name.count).max() ?? 0
    for row in rows {
      let name = row.name.padding(toLength: width, withPad: " ", startingAt: 0)
      let kind = row.kind.padding(toLength: 9, withPad: " ", startingAt: 0)
      print("\(name) \(kind) \(row.available ? "available" : "not here")")
    }
  }
}
