public import Foundation

/// Compiled experiments, and copies of the library that no build folder was staged as last:
/// whatever is missing is made again.
public struct ScriptGarbage: Sendable {
  /// A folder that is removed as a whole.
  public struct Item: Hashable, Sendable {
    public let path: String
    public let bytes: Int
  }

  /// The folder that holds `scripts/` and `sdk/`.
  public let home: String
  /// Only what was not used since then.
  public let unusedSince: Date

  public init(home: String, unusedSince: Date = .distantFuture) {
    self.home = home
    self.unusedSince = unusedSince
  }

  /// What would be removed, sorted by path.
  public func found() -> [Item] {
    let staged = SDKStaging.stagedBuilds(home: home)
    let libraries = folders(in: "sdk").filter { !staged.contains($0.name) }
    return (folders(in: "scripts") + libraries).compactMap { folder in
      let (bytes, used) = content(of: folder.path)
      // Someone may be at work on a draft.
      let limit = folder.name.hasPrefix("draft-") ? Date(timeIntervalSinceNow: -86_400) : .now
      guard used < min(unusedSince, limit) else { return nil }
      return Item(path: folder.path, bytes: bytes)
    }.sorted { $0.path < $1.path }
  }

  /// Removes it, and returns what was removed.
  ///
  /// - Throws: `ScriptError.unwritable`.
  public func collect() throws(ScriptError) -> [Item] {
    let items = found()
    for item in items {
      do {
        try FileManager.default.removeItem(atPath: item.path)
      } catch CocoaError.fileNoSuchFile {
        // Whoever else collects was first.
      } catch {
        throw .unwritable(path: item.path, reason: error.localizedDescription)
      }
    }
    return items
  }

  private func folders(in name: String) -> [(name: String, path: String)] {
    let parent = "\(home)/\(name)"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
    return names.compactMap { name in
      let path = "\(parent)/\(name)"
      let type = try? FileManager.default.attributesOfItem(atPath: path)[.type]
      return type as? FileAttributeType == .typeDirectory ? (name, path) : nil
    }
  }

  /// The bytes of a folder's files, and when the last of them was read or written.
  private func content(of folder: String) -> (bytes: Int, used: Date) {
    var (bytes, used) = (0, 0)
    for case let name as String in FileManager.default.enumerator(atPath: folder) ?? .init() {
      var status = stat()
      guard lstat("\(folder)/\(name)", &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
        continue
      }
      bytes += Int(status.st_size)
      #if canImport(Darwin)
      used = max(used, status.st_atimespec.tv_sec, status.st_mtimespec.tv_sec)
      #else
      used = max(used, status.st_atim.tv_sec, status.st_mtim.tv_sec)
      #endif
    }
    return (bytes, Date(timeIntervalSince1970: TimeInterval(used)))
  }
}
