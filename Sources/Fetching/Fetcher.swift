public import Datasets
public import Foundation

/// Brings data sets and backbones to this machine: downloaded once, resumed, verified, unpacked.
///
/// The content of NAME lies in `cache/NAME/` with its manifest, and appears there as a whole or not
/// at all. Downloads are kept in `cache/.downloads/HOST/PATH`.
public struct Fetcher: Sendable {
  public let cache: URL
  public let mirror: Mirror
  /// No connection is opened: only the cache and a directory mirror are used.
  public let offline: Bool
  public var policy = RetryPolicy()
  /// Called from the thread that fetches.
  public let progress: @Sendable (FetchEvent) -> Void

  public init(
    cache: URL, mirror: Mirror = .none, offline: Bool = false,
    progress: @escaping @Sendable (FetchEvent) -> Void = { _ in }
  ) {
    self.cache = cache
    self.mirror = mirror
    self.offline = offline
    self.progress = progress
  }

  /// Brings a data set to `cache/<id>/`; nothing is done where it is there already.
  ///
  /// - Parameter again: fetch it also where it is there already.
  /// - Throws: `FetchError`; the content that was there before is kept.
  public func fetch(_ dataset: any Dataset, again: Bool = false) throws(FetchError) -> FetchReport {
    guard !dataset.sources.isEmpty else {
      return .builtIn(dataset.id.rawValue, in: cache)
    }
    return try fetch(
      dataset.id.rawValue, dataset.sources, replacing: again, renewing: again)
  }

  /// Brings files to `cache/NAME/`.
  ///
  /// - Parameters:
  ///   - replacing: put them in place also where they are already.
  ///   - renewing: download them also where that has been done.
  func fetch(
    _ name: String, _ files: [RemoteFile], token: String? = nil, replacing: Bool = false,
    renewing: Bool = false
  ) throws(FetchError) -> FetchReport {
    let folder = cache.appending(path: name)
    let lock = try FileLock(cache.appending(path: ".locks/\(name).lock")) {
      progress(.waiting(name))
    }
    defer { withExtendedLifetime(lock) {} }
    let earlier = FetchManifest(in: folder)
    if let earlier, !replacing, earlier.sources.map(\.url) == files.map(\.url),
      earlier.isComplete(in: folder)
    {
      return FetchReport(
        name: name, outcome: .present, folder: folder, sources: earlier.sources, changed: [])
    }
    var origins: [Origin] = []
    for file in files { origins.append(try bring(file, token: token, again: renewing)) }
    let placement = Placement(name: name, cache: cache, progress: progress)
    let manifest = try placement.place(files, origins) { (file) throws(FetchError) in
      try bring(file, token: token, again: true)
    }
    let changed = manifest.sources.filter { source in
      earlier?.sources.contains { $0.url == source.url && $0.sha256 != source.sha256 } ?? false
    }
    return FetchReport(
      name: name, outcome: .fetched, folder: folder, sources: manifest.sources,
      changed: changed.map(\.url))
  }

  /// The bytes of one source: from a directory mirror, an earlier download, or the network.
  func bring(
    _ file: RemoteFile, token: String? = nil, again: Bool = false
  ) throws(FetchError) -> Origin {
    let address: String
    switch mirror.place(of: file.url) {
    case .file(let copy):
      guard FileManager.default.fileExists(atPath: copy.path) else {
        throw .notInMirror(path: copy.path, url: file.url)
      }
      return try verified(file, Origin(.mirror, copy, file.url, FileDigest(of: copy)))
    case .remote(let url):
      address = url
    }
    let target = cache.appending(path: ".downloads/\(Mirror.hostAndPath(file.url))")
    let lock = try FileLock(target.appendingPathExtension("lock")) {
      progress(.waiting(target.lastPathComponent))
    }
    defer { withExtendedLifetime(lock) {} }
    if !again, FileManager.default.size(of: target) != nil {
      return try verified(file, Origin(.cache, target, file.url, FileDigest(of: target)))
    }
    guard !offline else { throw .offline(url: file.url) }
    // A mirror is somebody else's machine: it is not shown the token.
    let download = Download(
      url: address, target: target, token: mirror == .none ? token : nil, policy: policy,
      report: progress)
    let arrival = try download.run()
    let origin = Origin(.download, target, file.url, arrival.digest)
    return try verified(file, origin, announced: arrival.announced)
  }

  /// The origin itself; a download that is not the expected file is deleted.
  private func verified(
    _ file: RemoteFile, _ origin: Origin, announced: String? = nil
  ) throws(FetchError) -> Origin {
    guard let expected = file.sha256 ?? announced, expected != origin.source.sha256 else {
      return origin
    }
    if origin.kind != .mirror { try? FileManager.default.removeItem(at: origin.file) }
    throw .checksum(url: file.url, expected: expected, found: origin.source.sha256)
  }
}

extension Origin {
  fileprivate init(_ kind: Kind, _ file: URL, _ url: String, _ digest: FileDigest) {
    self.kind = kind
    self.file = file
    source = FetchManifest.Source(url: url, bytes: digest.bytes, sha256: digest.sha256)
  }
}
