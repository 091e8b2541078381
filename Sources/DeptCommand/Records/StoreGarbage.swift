import Checkpoints
import Experiments
import Foundation
import RunStorage
import Scheduling

/// What the store has that nothing needs: runs that were deleted, folders of runs that it does not
/// know, old backups.
struct StoreGarbage {
  /// One thing that is removed as a whole.
  struct Item {
    /// `run`, `orphan` or `backup`.
    let kind: String
    /// The run's folder, or the file.
    let path: String
    let bytes: Int
    /// The deleted run.
    var run: RunID?
    /// Whether another run has the same folder, which therefore stays.
    var isShared = false
  }

  let home: String
  /// Only what was deleted, or last changed, before; `nil`: all.
  let before: Date?

  private var hasStore: Bool { FileManager.default.fileExists(atPath: "\(home)/store.sqlite") }

  /// The right to remove; `nil` where there is no store to remove from.
  ///
  /// - Throws: `StoreError.inUse` while a scheduler works.
  func writer() throws(StoreError) -> StoreWriter? {
    hasStore ? try StoreWriter(home: home, purpose: "a collection of garbage") : nil
  }

  /// What would be removed.
  func found() throws(StoreError) -> [Item] {
    guard hasStore else { return [] }
    return try found(in: RunStore(home: home))
  }

  /// Removes it: the rows of a run before its folder, so that whatever interrupts this leaves no
  /// run without its files.
  func collect(with writer: StoreWriter) throws(StoreError) -> [Item] {
    let items = try found(in: writer.store)
    for item in items {
      if let run = item.run { try writer.purge(run) }
      if item.isShared { continue }
      do {
        try FileManager.default.removeItem(atPath: item.path)
      } catch CocoaError.fileNoSuchFile {
        // A run that never started has no folder.
      } catch {
        throw .unusable(path: item.path, detail: SystemReason.text(of: error))
      }
    }
    if items.contains(where: { $0.run != nil }) { try writer.forgetUnusedConfigurations() }
    return items
  }

  private func found(in store: RunStore) throws(StoreError) -> [Item] {
    let owners = try store.shortIdentities()
    let runs = try store.collectable(deletedBefore: before).map { run in
      let folder = RunFolder(home: home, run: run).path
      let isShared = owners[run.short, default: 0] > 1
      return Item(
        kind: "run", path: folder, bytes: isShared ? 0 : Self.size(folder), run: run,
        isShared: isShared)
    }
    return try runs + orphans(store) + backups()
  }

  /// Journals of a run that the store has lost are all that is left of it: its folder only goes
  /// where an age is asked for.
  private func orphans(_ store: RunStore) throws(StoreError) -> [Item] {
    guard before != nil else { return [] }
    let known = try store.shortIdentities()
    let folder = "\(home)/runs"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.sorted().filter { name in
      name.count == 12 && name.allSatisfy { $0.isHexDigit && !$0.isUppercase }
        && known[name] == nil && isOld("\(folder)/\(name)")
    }.map { Item(kind: "orphan", path: "\(folder)/\($0)", bytes: Self.size("\(folder)/\($0)")) }
  }

  /// All backups but the newest, and copies that were not ended.
  private func backups() -> [Item] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: home)) ?? []
    let halves = names.filter {
      $0.hasPrefix("store") && ($0.contains(".sqlite.backup-") || $0.contains(".sqlite"))
        && $0.hasSuffix(".partial")
    }.map { "\(home)/\($0)" }
    let old = StoreBackup.all(home: home).dropFirst().map(\.path)
    return (old + halves).filter(isOld).map {
      Item(kind: "backup", path: $0, bytes: Self.size($0))
    }
  }

  /// Whether nothing in a folder, or a file, was changed lately.
  private func isOld(_ path: String) -> Bool {
    guard let before else { return true }
    let inside = (try? FileManager.default.subpathsOfDirectory(atPath: path)) ?? []
    return ([path] + inside.map { "\(path)/\($0)" }).allSatisfy { file in
      let attributes = try? FileManager.default.attributesOfItem(atPath: file)
      return (attributes?[.modificationDate] as? Date).map { $0 < before } ?? true
    }
  }

  /// The bytes of a file, or of all files in a folder.
  private static func size(_ path: String) -> Int {
    let inside = (try? FileManager.default.subpathsOfDirectory(atPath: path)) ?? []
    return ([path] + inside.map { "\(path)/\($0)" }).reduce(0) { sum, file in
      guard let attributes = try? FileManager.default.attributesOfItem(atPath: file),
        attributes[.type] as? FileAttributeType == .typeRegular
      else { return sum }
      return sum + (attributes[.size] as? Int ?? 0)
    }
  }
}
