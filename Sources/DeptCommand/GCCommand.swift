import ArgumentParser
import Fetching
import Foundation
import RunStorage
import ScriptRunner

/// `dept gc`: removes what can be made again.
struct GCCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gc",
    abstract: "Remove what is not needed: downloads, leftovers, caches, deleted runs.",
    discussion: """
      Downloads whose content is in place, parts of downloads that were not ended, what an \
      unpacking left, the cache of tokens, compiled experiments and the libraries of earlier \
      builds that they were compiled against. Of the store: runs that were deleted, with their \
      folders, unless the newest plan of an experiment wants them or a run starts from them; all \
      backups but the newest; and with --older-than folders of runs that the store does not know. \
      Data sets, backbones and all other runs stay. While something is fetched or a run is going \
      on, nothing is removed and the exit code is 75. Of a store that is damaged nothing is \
      removed, which is said at the end.

      --json prints {"dry_run","bytes","kinds": {"download": {"files","bytes"}, …},"files": \
      [{"path","kind","bytes"}, …]}.

      Examples:
        dept gc --dry-run
        dept gc --older-than 30d
      """)

  @OptionGroup var surroundingsOptions: SurroundingsOptions
  @Option(
    help: "Only what was not used for this long, such as 30d, 12h or 2w (default: everything).")
  var olderThan: String?
  @Flag(help: "Only say what would be removed.") var dryRun = false
  @Flag(help: "Print one JSON document.") var json = false

  func validate() throws {
    if let olderThan, Self.seconds(olderThan) == nil {
      throw ValidationError(
        "'\(olderThan)' is no time for --older-than: write it as 30d, 12h or 2w")
    }
  }

  func run() throws {
    let surroundings = surroundingsOptions.surroundings()
    let age = olderThan.flatMap { Self.seconds($0) }
    let collection = GarbageCollection(
      fetched: [surroundings.dataDirectory, surroundings.backbonesDirectory],
      caches: surroundings.cachesDirectory,
      unusedSince: age.map { Date.now.addingTimeInterval(-$0) } ?? .distantFuture)
    let store = StoreGarbage(
      home: surroundings.home.path, before: age.map { Date.now.addingTimeInterval(-$0) })
    // Whoever works in the home is asked before anything is removed.
    var writer: StoreWriter?
    var problem: StoreError?
    do throws(StoreError) {
      writer = dryRun ? nil : try store.writer()
    } catch {
      if case .inUse = error { throw error }
      problem = error
    }
    let fetched: [Garbage]
    do throws(FetchError) {
      fetched = dryRun ? collection.found() : try collection.collect()
    } catch {
      if case .inUse = error { throw Failure(.tryAgain, error.description) }
      throw error
    }
    let scripts = ScriptGarbage(
      home: surroundings.home.path,
      unusedSince: age.map { Date.now.addingTimeInterval(-$0) } ?? .distantFuture)
    let compiled = dryRun ? scripts.found() : try scripts.collect()
    // A store that is damaged keeps what it has; what was fetched does not depend on it.
    var records: [StoreGarbage.Item] = []
    do throws(StoreError) {
      if let writer { records = try store.collect(with: writer) }
      if dryRun { records = try store.found() }
    } catch {
      problem = error
    }
    let removed =
      fetched.map { Removed(path: $0.file.path, kind: $0.kind.rawValue, bytes: $0.bytes) }
      + compiled.map { Removed(path: $0.path, kind: "script", bytes: $0.bytes) }
      + records.map { Removed(path: $0.path, kind: $0.kind, bytes: $0.bytes) }
    if json { try Output.json(Listing(removed, isDry: dryRun)) } else { show(removed) }
    if let problem {
      guard let failure = Failure(storing: problem) else { throw problem }
      throw Failure(failure.code, "nothing of the store was removed: \(failure)")
    }
  }

  private func show(_ removed: [Removed]) {
    guard !removed.isEmpty else { return print("nothing to remove") }
    for kind in Self.kinds {
      let items = removed.filter { $0.kind == kind }
      guard !items.isEmpty else { continue }
      let bytes = FileSize.text(items.reduce(0) { $0 + $1.bytes })
      print("\(Self.title(kind, items.count)), \(bytes)")
      if dryRun { for item in items { print("  \(item.path)") } }
    }
    let total = FileSize.text(removed.reduce(0) { $0 + $1.bytes })
    print("\(total) \(dryRun ? "would be removed" : "removed")")
  }

  /// What was removed, or would be.
  private struct Removed {
    let path, kind: String
    let bytes: Int
  }

  private static let kinds =
    Garbage.Kind.allCases.map(\.rawValue) + ["script", "run", "orphan", "backup"]

  private struct Listing: Encodable {
    struct Part: Encodable {
      var files = 0
      var bytes = 0
    }
    struct File: Encodable {
      let path, kind: String
      let bytes: Int
    }
    let dry_run: Bool
    let bytes: Int
    let kinds: [String: Part]
    let files: [File]

    init(_ removed: [Removed], isDry: Bool) {
      dry_run = isDry
      bytes = removed.reduce(0) { $0 + $1.bytes }
      files = removed.map { File(path: $0.path, kind: $0.kind, bytes: $0.bytes) }
      kinds = removed.reduce(into: [:]) { kinds, item in
        kinds[item.kind, default: Part()].files += 1
        kinds[item.kind, default: Part()].bytes += item.bytes
      }
    }
  }

  private static func title(_ kind: String, _ count: Int) -> String {
    let plural = count == 1 ? "" : "s"
    return switch kind {
    case "download": "\(count) download\(plural) of what is in place"
    case "partial": "\(count) part\(plural) of downloads that were not ended"
    case "staging": "\(count) file\(plural) of unpackings that were not ended"
    case "script": "\(count) folder\(plural) of compiled experiments and their libraries"
    case "run": "\(count) deleted run\(plural)"
    case "orphan": "\(count) folder\(plural) of runs that the store does not know"
    case "backup": "\(count) old backup\(plural) of the store"
    default: "\(count) file\(plural) of caches"
    }
  }

  /// The seconds that `30d`, `12h`, `45m` or `2w` mean.
  private static func seconds(_ text: String) -> Double? {
    guard let match = text.wholeMatch(of: /(\d{1,6})([mhdw])/), let count = Double(match.output.1)
    else { return nil }
    let unit: Double =
      switch match.output.2 {
      case "m": 60
      case "h": 3600
      case "d": 86400
      default: 604_800
      }
    return count * unit
  }
}
