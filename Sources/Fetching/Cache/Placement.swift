import Datasets
import Foundation

/// Puts fetched files in place: unpacked beside the final folder, then moved there in one step.
struct Placement {
  let name: String
  let cache: URL
  let progress: (FetchEvent) -> Void

  /// Unpacks or copies every origin and replaces `cache/NAME/` with the outcome.
  ///
  /// - Parameter renew: fetches a source anew: called once for one that is damaged and was
  ///   downloaded at an earlier time.
  func place(
    _ files: [RemoteFile], _ origins: [Origin],
    renew: (RemoteFile) throws(FetchError) -> Origin
  ) throws(FetchError) -> FetchManifest {
    let staging = cache.appending(path: ".staging/\(name)")
    try? FileManager.default.removeItem(at: staging)
    defer { try? FileManager.default.removeItem(at: staging) }
    try create(staging)
    var sources: [FetchManifest.Source] = []
    for (file, origin) in zip(files, origins) {
      sources.append(try place(file, origin, in: staging, renew: renew).source)
    }
    let manifest = FetchManifest(sources: sources, content: try content(of: staging))
    try manifest.write(to: staging)
    try move(staging, to: cache.appending(path: name))
    for (file, origin) in zip(files, origins) where file.packing == .plain && origin.kind != .mirror
    {
      // It is in its place now; only packed files are kept twice.
      try? FileManager.default.removeItem(at: origin.file)
    }
    return manifest
  }

  private func place(
    _ file: RemoteFile, _ origin: Origin, in staging: URL,
    renew: (RemoteFile) throws(FetchError) -> Origin
  ) throws(FetchError) -> Origin {
    // Its own folder, so that a damaged archive leaves nothing behind.
    let corner = staging.appending(path: ".unpacking")
    try create(corner)
    defer { try? FileManager.default.removeItem(at: corner) }
    do throws(FetchError) {
      try unpack(file, origin, in: corner)
    } catch {
      guard case .corrupt = error else { throw error }
      guard origin.kind != .mirror else { throw error }
      try? FileManager.default.removeItem(at: origin.file)
      guard origin.kind == .cache else { throw error }
      progress(.discarded(path: origin.file.path))
      try? FileManager.default.removeItem(at: corner)
      return try place(file, try renew(file), in: staging, renew: renew)
    }
    try merge(corner, into: staging)
    return origin
  }

  private func unpack(_ file: RemoteFile, _ origin: Origin, in folder: URL) throws(FetchError) {
    let unpacker = Unpacker(
      archive: origin.file, folder: folder,
      limits: UnpackLimits(archiveBytes: origin.source.bytes), remedy: origin.remedy)
    switch file.packing {
    case .archive:
      progress(.unpacking(name: origin.file.lastPathComponent))
      try unpacker.unpackArchive()
    case .gzip:
      progress(.unpacking(name: origin.file.lastPathComponent))
      try unpacker.decompress(to: file.name)
    case .plain:
      let target = folder.appending(path: file.name)
      try create(target.deletingLastPathComponent())
      if origin.kind != .mirror, link(origin.file.path, target.path) == 0 { return }
      try atFileSystem(target.path) {
        try FileManager.default.copyItem(at: origin.file, to: target)
      }
    }
  }

  /// Moves the files below `corner` to the same paths below `folder`.
  private func merge(_ corner: URL, into folder: URL) throws(FetchError) {
    for file in try content(of: corner) {
      let target = folder.appending(path: file.path)
      try create(target.deletingLastPathComponent())
      guard rename(corner.appending(path: file.path).path, target.path) == 0 else {
        throw .fileSystem(target.path, code: errno)
      }
    }
  }

  /// The regular files below a folder, by path.
  private func content(of folder: URL) throws(FetchError) -> [FetchManifest.Content] {
    let paths = try atFileSystem(folder.path) {
      try FileManager.default.subpathsOfDirectory(atPath: folder.path)
    }
    return paths.sorted().compactMap { path in
      FileManager.default.size(of: folder.appending(path: path)).map {
        FetchManifest.Content(path: path, bytes: $0)
      }
    }
  }

  private func move(_ staging: URL, to folder: URL) throws(FetchError) {
    try create(folder.deletingLastPathComponent())
    let old = cache.appending(path: ".staging/\(name).old")
    try? FileManager.default.removeItem(at: old)
    if rename(folder.path, old.path) != 0, errno != ENOENT {
      throw .fileSystem(folder.path, code: errno)
    }
    guard rename(staging.path, folder.path) == 0 else {
      let code = errno
      _ = rename(old.path, folder.path)
      throw .fileSystem(folder.path, code: code)
    }
    try? FileManager.default.removeItem(at: old)
  }

  private func create(_ folder: URL) throws(FetchError) {
    try atFileSystem(folder.path) {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }
  }
}
