import Datasets
import Foundation

/// Puts fetched files in place: unpacked beside the final folder, then moved there in one step.
struct Placement {
  let name: String
  let cache: URL
  /// What is in place and stays; `nil`: nothing.
  var base: FetchManifest?
  /// The room on the disk that the content will take.
  let space: SpaceClaim
  let progress: (FetchEvent) -> Void

  /// Unpacks or copies every origin and replaces `cache/NAME/` with the outcome.
  ///
  /// - Parameters:
  ///   - required: paths of which each has to be there.
  ///   - renew: fetches a source anew: called once for one that is damaged and was downloaded at an
  ///     earlier time.
  ///   - approve: the last word on the sources, when all is ready and before anything is replaced.
  func place(
    _ files: [RemoteFile], _ origins: [Origin], required: [String] = [],
    renew: (RemoteFile) throws(FetchError) -> Origin,
    approve: ([FetchManifest.Source]) throws(FetchError) -> Void
  ) throws(FetchError) -> FetchManifest {
    let staging = cache.appending(path: ".staging/\(name)")
    try? FileManager.default.removeItem(at: staging)
    defer { try? FileManager.default.removeItem(at: staging) }
    try create(staging)
    var sources: [FetchManifest.Source] = base?.sources ?? []
    for file in base?.content ?? [] {
      try link(cache.appending(path: "\(name)/\(file.path)"), staging.appending(path: file.path))
    }
    for (file, origin) in zip(files, origins) {
      sources.append(try place(file, origin, in: staging, renew: renew).source)
    }
    for path in required where FileManager.default.size(of: staging.appending(path: path)) == nil {
      let subject = files.count == 1 ? files[0].url : "what was fetched for '\(name)'"
      throw .corrupt(
        path: subject, reason: "it holds no \(path)",
        remedy: "it is not what is published, nothing of it was used; try another mirror")
    }
    try approve(sources)
    let manifest = FetchManifest(sources: sources, content: try content(of: staging))
    try manifest.write(to: staging)
    try move(staging, to: cache.appending(path: name))
    return manifest
  }

  private func place(
    _ file: RemoteFile, _ origin: Origin, in staging: URL,
    renew: (RemoteFile) throws(FetchError) -> Origin
  ) throws(FetchError) -> Origin {
    // Its own folder, so that a damaged archive leaves nothing behind.
    let corner = cache.appending(path: ".staging/\(name).unpacking")
    try? FileManager.default.removeItem(at: corner)
    try create(corner)
    defer { try? FileManager.default.removeItem(at: corner) }
    do throws(FetchError) {
      try unpack(file, origin, in: corner)
    } catch {
      guard case .corrupt = error else { throw error }
      guard origin.isOurs else { throw error }
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
    let isPlain = file.packing == .plain
    let name = isPlain ? file.name : origin.file.lastPathComponent
    let subject = isPlain ? name : "the content of \(name)"
    defer {
      space.reduce(to: 0)
      progress(.unpacked(name: name))
    }
    let unpacker = Unpacker(
      archive: origin.file, folder: folder,
      limits: UnpackLimits(archiveBytes: origin.source.bytes), remedy: origin.remedy)
    switch file.packing {
    case .archive:
      progress(.unpacking(name: name))
      try space.claim(try unpacker.estimatedBytes(), for: subject)
      try unpacker.unpackArchive()
    case .gzip, .compressed:
      progress(.unpacking(name: name))
      try space.claim(unpacker.guessedBytes, for: subject)
      try unpacker.decompress(to: file.name, onlyGzip: file.packing == .gzip)
    case .plain:
      if !origin.isLasting { try space.claim(origin.source.bytes, for: subject) }
      try link(origin.file, folder.appending(path: file.name), sharing: origin.isLasting)
    }
  }

  /// Gives a file a second name, or copies it where that cannot be.
  ///
  /// - Parameter sharing: whether both may be one file on the disk.
  private func link(_ file: URL, _ target: URL, sharing: Bool = true) throws(FetchError) {
    try create(target.deletingLastPathComponent())
    if sharing, Foundation.link(file.path, target.path) == 0 { return }
    try atFileSystem(target.path) { try FileManager.default.copyItem(at: file, to: target) }
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
    // An archive may hold a file of the manifest's name, which the manifest replaces.
    return paths.filter { $0 != FetchManifest.fileName }.sorted().compactMap { path in
      FileManager.default.size(of: folder.appending(path: path)).map {
        FetchManifest.Content(path: path, bytes: $0)
      }
    }
  }

  private func move(_ staging: URL, to folder: URL) throws(FetchError) {
    try create(folder.deletingLastPathComponent())
    let old = Placement.former(name, in: cache)
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

  /// Where the content that is replaced lies until the new one is in place.
  static func former(_ name: String, in cache: URL) -> URL {
    cache.appending(path: ".staging/\(name).old")
  }

  /// Puts back what a process that was killed between the two had taken away.
  static func restore(_ name: String, in cache: URL) {
    let folder = cache.appending(path: name)
    guard !FileManager.default.fileExists(atPath: folder.path) else { return }
    _ = rename(former(name, in: cache).path, folder.path)
  }

  private func create(_ folder: URL) throws(FetchError) {
    try atFileSystem(folder.path) {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }
  }
}
