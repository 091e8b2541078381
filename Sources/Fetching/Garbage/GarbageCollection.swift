public import Foundation

/// Finds and removes what can be made again. Data sets, backbones, runs and the store are none of
/// that.
public struct GarbageCollection: Sendable {
  /// The folders of fetched data sets and backbones, one folder each.
  public let fetched: [URL]
  /// The folder of caches.
  public let caches: URL
  /// Only what was not used since then is removed.
  public let unusedSince: Date

  public init(fetched: [URL], caches: URL, unusedSince: Date = .distantFuture) {
    self.fetched = fetched
    self.caches = caches
    self.unusedSince = unusedSince
  }

  /// What would be removed, sorted by path.
  public func found() -> [Garbage] {
    let all = fetched.flatMap { downloads(of: $0) + leftovers(of: $0) } + cached()
    return all.filter { $0.used < unusedSince }.sorted { $0.file.path < $1.file.path }
  }

  /// Removes it, and returns what was removed.
  ///
  /// - Throws: `FetchError.inUse` while a fetch is under way, and then nothing is removed.
  public func collect() throws(FetchError) -> [Garbage] {
    var locks: [FileLock] = []
    for folder in fetched where FileManager.default.fileExists(atPath: folder.path) {
      locks.append(try CacheLocks.removal(from: folder))
    }
    defer { withExtendedLifetime(locks) {} }
    var removed: [Garbage] = []
    for item in found() {
      guard unlink(item.file.path) == 0 || errno == ENOENT else {
        throw .fileSystem(item.file.path, code: errno)
      }
      removed.append(item)
    }
    for folder in fetched {
      removeLocks(below: folder.appending(path: ".downloads"))
      removeEmpty(below: folder.appending(path: ".downloads"))
      removeEmpty(below: folder.appending(path: ".staging"))
    }
    // Folders of caches stay: a run may be about to write into one.
    return removed
  }

  private func downloads(of cache: URL) -> [Garbage] {
    let folder = cache.appending(path: ".downloads")
    let inPlace = Set(urls(in: cache).map { folder.appending(path: Mirror.hostAndPath($0)).path })
    return FileWalk.files(below: folder).compactMap { file in
      switch file.url.lastPathComponent {
      case let name where name.hasSuffix(".part") || name.hasSuffix(".part.version"):
        Garbage(.partial, file)
      case _ where inPlace.contains(file.url.path): Garbage(.download, file)
      default: nil
      }
    }
  }

  private func leftovers(of cache: URL) -> [Garbage] {
    let staging = cache.appending(path: ".staging").path + "/"
    return FileWalk.files(below: cache.appending(path: ".staging")).filter { file in
      // What was being replaced when a process was killed is all there is of it.
      guard let end = file.url.path.range(of: ".old/") else { return true }
      let name = file.url.path[..<end.lowerBound].dropFirst(staging.count)
      return FileManager.default.fileExists(atPath: cache.appending(path: String(name)).path)
    }.map { Garbage(.staging, $0) }
  }

  private func cached() -> [Garbage] {
    FileWalk.files(below: caches).filter { $0.url.pathExtension != "lock" }
      .map { Garbage(.cache, $0) }
  }

  /// The addresses of all content that is whole.
  private func urls(in cache: URL) -> Set<String> {
    FileWalk.files(below: cache).filter { $0.url.lastPathComponent == FetchManifest.fileName }
      .reduce(into: []) { urls, file in
        let folder = file.url.deletingLastPathComponent()
        guard !folder.path.hasPrefix(cache.appending(path: ".staging").path),
          let manifest = FetchManifest(in: folder), manifest.isComplete(in: folder)
        else { return }
        urls.formUnion(manifest.urls)
      }
  }

  /// Locks of downloads that are gone; nobody holds one while the cache is ours alone.
  private func removeLocks(below folder: URL) {
    for file in FileWalk.files(below: folder) where file.url.pathExtension == "lock" {
      try? FileManager.default.removeItem(at: file.url)
    }
  }

  /// Removes the folders that hold nothing, the given one included.
  private func removeEmpty(below folder: URL) {
    guard let paths = try? FileManager.default.subpathsOfDirectory(atPath: folder.path) else {
      return
    }
    // The deepest first; a folder that is not empty stays, and a file is none.
    for path in paths.sorted(by: { $0.count > $1.count }) {
      _ = rmdir(folder.appending(path: path).path)
    }
    _ = rmdir(folder.path)
  }
}

extension Garbage {
  fileprivate init(_ kind: Kind, _ file: FileWalk.File) {
    self.init(kind: kind, file: file.url, bytes: file.bytes, used: file.used)
  }
}
