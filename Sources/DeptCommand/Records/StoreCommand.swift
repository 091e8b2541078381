import ArgumentParser
import Experiments
import Fetching
import Foundation
import RunStorage
import Scheduling

/// `dept store`: looks after the one file that all results are in.
struct StoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "store", abstract: "Check, back up and migrate the store of runs.",
    discussion: """
      The store is one SQLite file, store.sqlite in the home; docs/store.md describes it.

      Examples:
        dept store info
        dept store check
        dept store backup results.sqlite
      """,
    subcommands: [Info.self, Check.self, Backup.self, Migrate.self])

  struct Info: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show where the store is, its layout and what it holds.",
      discussion: """
        --json prints {"path","bytes","log_bytes","layout","supported_layout","network", \
        "experiments","runs","deleted","attempts","points","backups": [{"path","layout","time", \
        "bytes"}]}.
        Example: dept store info --json
        """)

    @OptionGroup var surroundingsOptions: SurroundingsOptions
    @Flag(help: "Print one JSON document.") var json = false

    func run() throws {
      let info = try StoreInfo(home: surroundingsOptions.homePath)
      if json { return try Output.json(Listing(info)) }
      var table = TextTable(columns: ["store", info.path])
      let age =
        info.layout == info.supported
        ? ""
        : info.layout < info.supported
          ? ", older than \(info.supported): dept store migrate brings it up to date"
          : ", newer than \(info.supported): it is only read"
      let log = info.logBytes > 0 ? " and \(FileSize.text(info.logBytes)) in its log" : ""
      table.rows = [
        ["size", FileSize.text(info.bytes) + log], ["layout", "\(info.layout)\(age)"],
        ["on", info.network.map { "\($0): use it from one machine only" } ?? "a local disk"],
        ["experiments", "\(info.experiments)"],
        ["runs", "\(info.runs)" + (info.deleted > 0 ? ", and \(info.deleted) deleted" : "")],
        ["attempts", "\(info.attempts)"], ["points", "\(info.points)"],
      ]
      for backup in info.backups {
        table.rows.append(["backup", "\(backup.path), \(FileSize.text(backup.bytes))"])
      }
      Output.text(table.aligned)
    }

    private struct Listing: Encodable {
      struct Copy: Encodable {
        let path: String
        let layout: Int
        let time: String
        let bytes: Int
      }
      let path: String
      let bytes, log_bytes, layout, supported_layout: Int
      let network: String?
      let experiments, runs, deleted, attempts, points: Int
      let backups: [Copy]

      init(_ info: StoreInfo) {
        (path, bytes, log_bytes) = (info.path, info.bytes, info.logBytes)
        (layout, supported_layout, network) = (info.layout, info.supported, info.network)
        (experiments, runs, deleted) = (info.experiments, info.runs, info.deleted)
        (attempts, points) = (info.attempts, info.points)
        backups = info.backups.map {
          Copy(path: $0.path, layout: $0.layout, time: $0.time, bytes: $0.bytes)
        }
      }
    }
  }

  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Read everything in the store, and say what is wrong.",
      discussion: """
        Pages, references, every chunk of points, counts, and journals against what was taken \
        in of them. Where something is wrong it says what can still be read and what to do, \
        and the exit \
        code is 65. --json prints {"path","layout","whole","faults","remarks","remedy", \
        "tables": {"run": {"rows","whole"}, …}}.
        Example: dept store check
        """)

    @OptionGroup var surroundingsOptions: SurroundingsOptions
    @Flag(help: "Print one JSON document.") var json = false

    func run() throws {
      let home = surroundingsOptions.homePath
      let check = try StoreCheck(home: home) { run, attempt in
        RunFolder(home: home, run: run).journal(attempt: attempt)
      }
      if json { try Output.json(Listing(check)) } else { show(check) }
      guard check.whole else {
        let more = check.faults.count > 1 ? " and \(check.faults.count - 1) more" : ""
        throw Failure(
          .invalid,
          "the store \(check.path) is damaged (\(check.faults[0])\(more)); \(check.remedy ?? "")")
      }
    }

    private func show(_ check: StoreCheck) {
      for fault in check.faults { print("✗ \(fault)") }
      for remark in check.remarks { print("! \(remark)") }
      for (name, table) in check.tables.sorted(by: { $0.key < $1.key }) {
        let rows = "\(table.rows) row\(table.rows == 1 ? "" : "s")"
        print("\(table.whole ? "✓" : "✗") \(name): \(rows)\(table.whole ? "" : ", then no more")")
      }
    }

    private struct Listing: Encodable {
      let path: String
      let layout: Int
      let whole: Bool
      let faults, remarks: [String]
      let remedy: String?
      let tables: [String: StoreCheck.Table]

      init(_ check: StoreCheck) {
        (path, layout, whole) = (check.path, check.layout, check.whole)
        (faults, remarks, remedy, tables) =
          (check.faults, check.remarks, check.remedy, check.tables)
      }
    }
  }

  struct Backup: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write a copy of the store, also while runs are going on.",
      discussion: """
        The copy is one plain SQLite file of one moment, and appears as a whole or not at all. \
        --json prints {"path","bytes"}.
        Example: dept store backup results.sqlite
        """)

    @OptionGroup var surroundingsOptions: SurroundingsOptions
    @Argument(help: "The file to write (default: store-<time>.sqlite in the home).")
    var file: String?
    @Flag(help: "Print one JSON document.") var json = false

    func run() throws {
      let store = try surroundingsOptions.store()
      let path = file ?? store.backupPath
      if file != nil { try Output.checkWritable(path) }
      try store.backUp(to: path)
      let bytes = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
      if json { return try Output.json(Listing(path: path, bytes: bytes)) }
      print("\(path), \(FileSize.text(bytes))")
    }

    private struct Listing: Encodable {
      let path: String
      let bytes: Int
    }
  }

  struct Migrate: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Bring the store to the layout of this version, after a backup.",
      discussion: """
        Whatever writes to the store does so too. The backup lies beside the store; the newest \
        three are kept. If it fails, the store is as it was. --json prints {"from","to","backup"}.
        Example: dept store migrate
        """)

    @OptionGroup var surroundingsOptions: SurroundingsOptions
    @Flag(help: "Print one JSON document.") var json = false

    func run() throws {
      let home = surroundingsOptions.homePath
      // Where there is none, none is made.
      let before = try StoreInfo(home: home)
      let upgrade = try StoreWriter(home: home, purpose: "a migration").upgrade
      if json {
        return try Output.json(
          Listing(from: before.layout, to: before.supported, backup: upgrade?.backup))
      }
      guard let upgrade else { return print("layout \(before.supported) already") }
      print("layout \(upgrade.from) → \(upgrade.to); the store as it was: \(upgrade.backup)")
    }

    private struct Listing: Encodable {
      let from, to: Int
      let backup: String?
    }
  }
}
