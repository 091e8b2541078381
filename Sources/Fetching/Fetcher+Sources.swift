import Datasets
import Foundation

extension Fetcher {
  /// The bytes of one source: from this machine, a directory mirror, an earlier download, or the
  /// network.
  func bring(
    _ file: RemoteFile, _ order: FetchOrder, again: Bool = false
  ) throws(FetchError) -> Origin {
    if !again, let copy = order.copies[file.url] {
      if let origin = try copied(file, copy, order) { return origin }
    }
    switch mirror.place(of: file.url) {
    case .file(let copy):
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: copy.path, isDirectory: &isFolder),
        !isFolder.boolValue
      else {
        throw file.isLocal
          ? .noSuchFile(path: copy.path) : .notInMirror(path: copy.path, url: file.url)
      }
      guard !WebPage.isStart(of: copy) || WebPage.isWanted(file.name) else {
        throw .webPage(place: copy.path)
      }
      let origin = Origin(file.isLocal ? .local : .mirror, copy, file.url, try FileDigest(of: copy))
      try approve(file, origin.source, order)
      return origin
    case .remote(let address):
      return try download(file, from: address, order, again: again)
    }
  }

  private func download(
    _ file: RemoteFile, from address: String, _ order: FetchOrder, again: Bool
  ) throws(FetchError) -> Origin {
    let target = cache.appending(path: ".downloads/\(Mirror.hostAndPath(file.url))")
    let lock = try downloadLock(target)
    defer { withExtendedLifetime(lock) {} }
    if !again, let kept = try kept(file, target, order) {
      return try named(kept, file, order)
    }
    guard !offline else { throw .offline(url: file.url) }
    let space = SpaceClaim(in: cache, pool, quota)
    // A mirror is somebody else's machine: it is not shown the token.
    let download = Download(
      url: address, target: target, token: mirror == .none ? order.token : nil,
      authorities: authorities, policy: policy,
      wantsPage: WebPage.isWanted(file.name), space: space,
      approve: { (arrival) throws(FetchError) in
        let source = FetchManifest.Source(url: file.url, arrival.digest)
        try approve(file, source, order, announced: arrival.announced)
      }, report: progress)
    let arrival = try pool.transfer { () throws(FetchError) in try download.run() }
    return try named(Origin(.download, target, file.url, arrival.digest), file, order)
  }

  /// Deletes a download, when nobody is about to take it.
  func remove(_ download: URL) throws(FetchError) {
    let lock = try downloadLock(download)
    defer { withExtendedLifetime(lock) {} }
    try? FileManager.default.removeItem(at: download)
  }

  private func downloadLock(_ target: URL) throws(FetchError) -> FileLock {
    try FileLock(target.appendingPathExtension("lock")) {
      progress(.waiting(target.lastPathComponent))
    }
  }

  /// The same under a name of its own, where it will be moved rather than unpacked: another data
  /// set of the same file may move it at the same time.
  private func named(
    _ origin: Origin, _ file: RemoteFile, _ order: FetchOrder
  ) throws(FetchError) -> Origin {
    guard file.packing == .plain, let desk = order.desk else { return origin }
    let name = desk.appending(path: UUID().uuidString)
    try atFileSystem(desk.path) {
      try FileManager.default.createDirectory(at: desk, withIntermediateDirectories: true)
      if link(origin.file.path, name.path) != 0 {
        try FileManager.default.copyItem(at: origin.file, to: name)
      }
    }
    return Origin(kind: origin.kind, file: name, download: origin.file, source: origin.source)
  }

  /// What was downloaded at an earlier time, where it is still what is wanted.
  private func kept(
    _ file: RemoteFile, _ target: URL, _ order: FetchOrder
  ) throws(FetchError) -> Origin? {
    guard FileManager.default.size(of: target) != nil else { return nil }
    guard !WebPage.isStart(of: target) || WebPage.isWanted(file.name) else {
      if offline { throw .webPage(place: target.path) }
      return nil
    }
    let origin = Origin(.cache, target, file.url, try FileDigest(of: target))
    do throws(FetchError) {
      try approve(file, origin.source, order)
    } catch {
      // Offline there is nothing better to be had.
      guard !offline, error.isAboutBytes else { throw error }
      return nil
    }
    return origin
  }

  /// A file of another program's cache, where it is what is wanted.
  private func copied(
    _ file: RemoteFile, _ copy: URL, _ order: FetchOrder
  ) throws(FetchError) -> Origin? {
    let origin = Origin(.hub, copy, file.url, try FileDigest(of: copy))
    do throws(FetchError) {
      try approve(file, origin.source, order)
    } catch {
      guard !offline, error.isAboutBytes else { throw error }
      progress(.unusable(path: copy.path, reason: "it is not the version that is expected"))
      return nil
    }
    return origin
  }

  /// Whether a source's bytes may be used; what the code expects counts before what the lock knows.
  private func approve(
    _ file: RemoteFile, _ source: FetchManifest.Source, _ order: FetchOrder,
    announced: String? = nil
  ) throws(FetchError) {
    if let expected = file.sha256 ?? announced, expected != source.sha256 {
      throw .checksum(url: file.url, expected: expected, found: source.sha256)
    }
    if !acceptsChanges { try lock?.check(source, for: order.name) }
  }
}

extension FetchError {
  /// Whether the bytes are others than expected.
  fileprivate var isAboutBytes: Bool {
    switch self {
    case .checksum, .changed: true
    default: false
    }
  }
}

extension RemoteFile {
  /// Whether it is a file of this machine.
  fileprivate var isLocal: Bool { url.hasPrefix("file://") }
}

extension FetchManifest.Source {
  fileprivate init(url: String, _ digest: FileDigest) {
    self.init(url: url, bytes: digest.bytes, sha256: digest.sha256)
  }
}

extension Origin {
  fileprivate init(_ kind: Kind, _ file: URL, _ url: String, _ digest: FileDigest) {
    self.init(kind: kind, file: file, source: FetchManifest.Source(url: url, digest))
  }
}
