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
  public var authorities = CertificateAuthorities()
  /// Where the hash of every file is kept that was ever fetched; `nil`: they are not compared.
  public var lock: DataLockFile?
  /// Files that are not what the lock knows are taken, and the lock is changed.
  public var acceptsChanges = false
  /// How much fetched data may take; `nil`: as much as the disk has.
  public var quota: DiskQuota?
  /// Limits the transfers of all fetchers that share it.
  public var pool = TransferPool()
  /// Called from the threads that fetch.
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
  /// - Parameters:
  ///   - again: fetch it also where it is there already.
  ///   - images: fetch its images as well, which may be very large; images that are there stay.
  /// - Throws: `FetchError`; the content that was there before is kept.
  public func fetch(
    _ dataset: any Dataset, again: Bool = false, images: Bool = false
  ) throws(FetchError) -> FetchReport {
    let wanted = dataset.sources + (images ? dataset.images : [])
    guard !wanted.isEmpty else { return .builtIn(dataset.id.rawValue, in: cache) }
    let earlier = FetchManifest(in: cache.appending(path: dataset.id.rawValue))?.urls ?? []
    let kept = images ? [] : dataset.images.filter { earlier.contains($0.url) }
    var order = FetchOrder(
      dataset.id.rawValue, wanted + kept, replacing: again,
      renewing: again ? Set(wanted.map(\.url)) : [])
    let root = cache.appending(path: dataset.id.rawValue).path + "/"
    order.required = ((try? dataset.files(in: cache)) ?? []).map {
      String($0.path.dropFirst(root.count))
    }
    return try fetch(order)
  }

  /// Brings files to `cache/NAME/`.
  func fetch(_ name: String, _ files: [RemoteFile]) throws(FetchError) -> FetchReport {
    try fetch(FetchOrder(name, files))
  }

  /// Carries out an order.
  func fetch(_ order: FetchOrder) throws(FetchError) -> FetchReport {
    let use = try CacheLocks.use(of: cache)
    defer { withExtendedLifetime(use) {} }
    let lock = try lock(order.name)
    defer { withExtendedLifetime(lock) {} }
    Placement.restore(order.name, in: cache)
    let earlier = FetchManifest(in: order.folder(in: cache))
    let usable = earlier.flatMap { order.canUse($0, in: cache) ? $0 : nil }
    if let usable, order.files.allSatisfy({ usable.urls.contains($0.url) }) {
      return try present(order.name, usable)
    }
    // What is in place stays there, and only what is new is added to it.
    let missing = order.files.filter { usable?.urls.contains($0.url) != true }
    progress(.planned(files: missing.count))
    var order = order
    let desk = cache.appending(path: ".staging/\(order.name).desk")
    order.desk = desk
    defer { try? FileManager.default.removeItem(at: desk) }
    let origins = try origins(of: missing, order)
    let placement = Placement(
      name: order.name, cache: cache, base: usable, space: SpaceClaim(in: cache, pool, quota),
      progress: progress)
    let manifest = try placement.place(
      missing, origins, required: order.required,
      renew: { [order] (file) throws(FetchError) in try bring(file, order, again: true) },
      approve: { (sources) throws(FetchError) in
        try self.lock?.record(sources, for: order.name, acceptingChanges: acceptsChanges)
      })
    for origin in origins {
      // It is in its place now; only packed files are kept twice.
      if let download = origin.download { try remove(download) }
    }
    let changed = manifest.sources.filter { source in
      earlier?.sources.contains { $0.url == source.url && $0.sha256 != source.sha256 } ?? false
    }
    return FetchReport(
      name: order.name, outcome: .fetched, folder: order.folder(in: cache),
      sources: manifest.sources, changed: changed.map(\.url))
  }

  /// The lock of NAME, under which its content is replaced.
  func lock(_ name: String) throws(FetchError) -> FileLock {
    try FileLock(cache.appending(path: ".locks/\(name).lock")) { progress(.waiting(name)) }
  }

  /// The report on what is in place, unless the lock knows it otherwise.
  func present(_ name: String, _ manifest: FetchManifest) throws(FetchError) -> FetchReport {
    do throws(FetchError) {
      try lock?.record(manifest.sources, for: name, acceptingChanges: false)
    } catch {
      guard case .changed(let change) = error else { throw error }
      throw .outdated(change)
    }
    return FetchReport(
      name: name, outcome: .present, folder: cache.appending(path: name),
      sources: manifest.sources, changed: [])
  }

  /// All files of an order at once; the first that fails is the error, the others are kept.
  private func origins(
    of files: [RemoteFile], _ order: FetchOrder
  ) throws(FetchError) -> [Origin] {
    let results = ParallelWork.map(files.count, width: pool.jobs) { index in
      Result { () throws(FetchError) in
        let file = files[index]
        let origin = try bring(file, order, again: order.renewing.contains(file.url))
        progress(.brought(url: file.url))
        return origin
      }
    }
    var origins: [Origin] = []
    for result in results { origins.append(try result.get()) }
    return origins
  }
}
