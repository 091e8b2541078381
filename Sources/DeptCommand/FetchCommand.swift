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
      is read instead of the original hosts, DEPT_OFFLINE=1 forbids connections; proxies and \
      certificates are libcurl's (https_proxy, CURL_CA_BUNDLE). The cache of Hugging Face's own \
      programs (HF_HOME) is looked into before a backbone is downloaded.

      The SHA-256 of every file is kept in experiments/data.lock, or data.lock in the home folder: \
      the first that is seen is trusted, and one that changes is refused until \
      --accept-changes is given.

      --json prints an array of {"name","kind","outcome","folder","files","changed","copied_from",\
      "error"}, in the order of the names; outcome is fetched, present, built-in or failed. With \
      --list it has {"name","kind","available","bytes","urls","image_urls"}; bytes is what was \
      downloaded, or what the lock knows.

      Examples:
        dept fetch sst2 rte cb
        dept fetch t5-small google/t5-v1_1-small --jobs 2
        dept fetch all
        dept fetch --list
      """)

  @OptionGroup var surroundingsOptions: SurroundingsOptions
  @Argument(help: "Names of data sets and backbones; all: every data set but those with images.")
  var names: [String] = []
  @Flag(help: "Only say what is known by name and what is here.") var list = false
  @Flag(help: "Fetch also what is here already.") var again = false
  @Flag(help: "Take files that have changed since they were first fetched.")
  var acceptChanges = false
  @Flag(help: "Fetch the images of data sets as well, which may be very large.") var images = false
  @Option(help: "The most transfers at once.") var jobs = 4
  @Option(help: "How much fetched data may take, such as 20GB (default: DEPT_QUOTA, or no limit).")
  var quota: String?
  @Option(help: "The file of hashes (default: DEPT_LOCK, or experiments/data.lock).")
  var lock: String?
  @Flag(help: "Print one JSON document.") var json = false

  func validate() throws {
    guard list || !names.isEmpty else {
      throw ValidationError("name a data set or a backbone, or give --list")
    }
    guard (1...64).contains(jobs) else {
      throw ValidationError("--jobs is \(jobs), but has to be between 1 and 64")
    }
  }

  func run() throws {
    let surroundings = surroundingsOptions.surroundings()
    let targets = try FetchTarget.named(names.isEmpty ? ["all"] : names, withBackbones: list)
    let file = DataLockFile(lock.map { URL(filePath: $0) } ?? surroundings.dataLock)
    guard !list else { return try show(targets, surroundings, try file.read()) }
    let line = TransferLine(isDrawn: surroundings.drawsProgress)
    let wishes = FetchWishes(
      again: again || acceptChanges, images: images, acceptsChanges: acceptChanges, lock: file,
      quota: try diskQuota(surroundings), pool: TransferPool(jobs: jobs), line: line)
    var failure: Failure?
    let outcomes = ParallelWork.map(targets.count, width: jobs) { index in
      Result { try targets[index].fetch(surroundings, wishes) }.mapError { Failure($0) }
    } inOrder: { _, outcome in
      // One that fails does not keep the others from being fetched.
      switch outcome {
      case .success(let report): announce(report, on: line)
      case .failure(let fault):
        line.print("dept: \(fault.description)", isNote: true)
        failure = failure ?? fault
      }
    }
    line.finish()
    if json { try Output.json(zip(targets, outcomes).map { Row($0, $1) }) }
    // Every failure has been told already.
    if let failure { throw ExitCode(failure.code.rawValue) }
  }

  private func diskQuota(_ surroundings: Surroundings) throws -> DiskQuota? {
    guard let text = quota ?? surroundings.quota else { return nil }
    guard let bytes = FileSize.bytes(text) else {
      throw Failure(
        .usage, "'\(text)' is no size for --quota (DEPT_QUOTA): write it as 500MB or 20GB")
    }
    return DiskQuota(
      bytes: bytes,
      folders: [
        surroundings.dataDirectory, surroundings.backbonesDirectory, surroundings.cachesDirectory,
      ])
  }

  private struct Row: Encodable {
    let name, kind, outcome: String
    var folder: String?
    var files: [FetchManifest.Source] = []
    var changed: [String] = []
    var copied_from: String?
    var error: String?

    init(_ target: FetchTarget, _ outcome: Result<FetchReport, Failure>) {
      name = target.name
      kind = target.kind
      switch outcome {
      case .success(let report):
        self.outcome = report.outcome.rawValue
        folder = report.outcome == .builtIn ? nil : report.folder.path
        files = report.sources
        changed = report.changed
        copied_from = report.takenFrom?.path
      case .failure(let failure):
        self.outcome = "failed"
        error = failure.description
      }
    }
  }

  private struct ListRow: Encodable {
    let name, kind: String
    let available: Bool
    let bytes: Int?
    let urls, image_urls: [String]
  }

  private func announce(_ report: FetchReport, on line: TransferLine) {
    for url in report.changed {
      line.print("dept: \(url) has changed since it was fetched", isNote: true)
    }
    guard !json else { return }
    let bytes = FileSize.text(report.sources.reduce(0) { $0 + $1.bytes })
    switch report.outcome {
    case .fetched:
      let origin = report.takenFrom.map { ", taken from \($0.path)" } ?? ""
      line.print("\(report.name): fetched, \(bytes)\(origin)")
    case .present: line.print("\(report.name): is here already")
    case .builtIn: line.print("\(report.name): built in, nothing to fetch")
    }
  }

  private func show(
    _ targets: [FetchTarget], _ surroundings: Surroundings, _ lock: DataLock
  ) throws {
    let rows = targets.map { target in
      let urls = target.urls()
      let known = urls.compactMap { lock.files[$0]?.bytes }
      let isKnown = !urls.isEmpty && known.count == urls.count
      let here = target.manifest(surroundings)?.sources.reduce(0) { $0 + $1.bytes }
      return ListRow(
        name: target.name, kind: target.kind, available: target.isAvailable(surroundings),
        bytes: here ?? (isKnown ? known.reduce(0, +) : nil), urls: urls,
        image_urls: target.urls(images: true))
    }
    if json { return try Output.json(rows) }
    let width = rows.map(\.name.count).max() ?? 0
    for row in rows {
      let columns = [
        row.name.padding(toLength: width, withPad: " ", startingAt: 0),
        row.kind.padding(toLength: 9, withPad: " ", startingAt: 0),
        row.available ? "available" : "not here ", row.bytes.map { FileSize.text($0) } ?? "",
      ]
      let line = columns.joined(separator: " ").trimmingCharacters(in: .whitespaces)
      print(row.image_urls.isEmpty ? line : "\(line) (images with --images)")
    }
  }
}
