import Datasets
public import Foundation

extension Fetcher {
  /// Brings a backbone from a Hugging Face repository to `cache/NAME/`; nothing is done where it is
  /// there already.
  ///
  /// - Parameters:
  ///   - name: `NAME` or `ORGANISATION/NAME`.
  ///   - endpoint: the server, as `HF_ENDPOINT` names it.
  ///   - token: sent to that server only; needed for repositories with restricted access.
  ///   - hub: the cache of Hugging Face's own programs, which is looked into first.
  /// - Throws: `FetchError.incompleteBackbone` where the repository lacks weights in safetensors
  ///   format, a configuration or a vocabulary.
  public func fetchBackbone(
    _ name: String, endpoint: String = "https://huggingface.co", token: String? = nil,
    hub: URL? = nil, again: Bool = false
  ) throws(FetchError) -> FetchReport {
    let wanted = try BackboneFiles(name)
    let folder = cache.appending(path: name)
    if FileManager.default.fileExists(atPath: Placement.former(name, in: cache).path) {
      try withExtendedLifetime(lock(name)) { Placement.restore(name, in: cache) }
    }
    if !again, let earlier = FetchManifest(in: folder), earlier.isComplete(in: folder) {
      return try present(name, earlier)
    }
    let use = try CacheLocks.use(of: cache)
    defer { withExtendedLifetime(use) {} }
    let server = endpoint.hasSuffix("/") ? String(endpoint.dropLast()) : endpoint
    if let hub, !again,
      let report = try fetchBackbone(wanted, from: HuggingFaceHub(folder: hub), as: server)
    {
      return report
    }
    var missing: FetchError?
    for repository in wanted.repositories {
      do throws(FetchError) {
        let source = BackboneSource(
          name: name, base: "\(server)/\(repository)", token: token, again: again)
        var order = FetchOrder(name, try backboneFiles(at: source), replacing: again)
        order.token = token
        return try fetch(order)
      } catch {
        // A repository that does not exist is answered with 401 to strangers.
        guard error.meansMissing || error.isUnauthorized else { throw error }
        missing = missing ?? error
      }
    }
    throw missing ?? .badBackboneName(name)
  }

  /// Takes a backbone from Hugging Face's cache, where it is there as a whole.
  private func fetchBackbone(
    _ wanted: BackboneFiles, from hub: HuggingFaceHub, as server: String
  ) throws(FetchError) -> FetchReport? {
    for repository in wanted.repositories {
      let found = hub.snapshot(of: repository) { file, reason in
        progress(.unusable(path: file.path, reason: reason))
      }
      guard let (folder, files) = found else { continue }
      let source = BackboneSource(name: wanted.name, base: "\(server)/\(repository)")
      var order = FetchOrder(wanted.name, files.keys.sorted().map { source.file($0) })
      for (path, file) in files { order.copies[source.file(path).url] = file }
      var report = try fetch(order)
      if report.outcome == .fetched { report.takenFrom = folder }
      return report
    }
    return nil
  }

  /// Finds out what the repository has, downloading on the way: a later fetch finds it in the
  /// cache.
  private func backboneFiles(at source: BackboneSource) throws(FetchError) -> [RemoteFile] {
    var files = [source.file(BackboneFiles.configuration)]
    _ = try find(files[0], at: source)
    if let weights = try present(BackboneFiles.weights, at: source) {
      files.append(weights.file)
    } else if let index = try present(BackboneFiles.weightsIndex, at: source) {
      files.append(index.file)
      let shards = try BackboneFiles.shards(inIndex: index.origin.file).map { source.file($0) }
      let results = ParallelWork.map(shards.count, width: pool.jobs) { shard in
        Result { () throws(FetchError) in _ = try find(shards[shard], at: source) }
      }
      for result in results { try result.get() }
      files += shards
    } else {
      throw .incompleteBackbone(name: source.name, missing: "weights in safetensors format")
    }
    var hasVocabulary = false
    for vocabulary in BackboneFiles.vocabularies {
      var found: [RemoteFile] = []
      for path in vocabulary {
        if let file = try present(path, at: source)?.file { found.append(file) }
      }
      hasVocabulary = hasVocabulary || found.count == vocabulary.count
      files += found
    }
    guard hasVocabulary else {
      throw .incompleteBackbone(name: source.name, missing: "vocabulary")
    }
    for path in BackboneFiles.extras {
      if let file = try present(path, at: source)?.file { files.append(file) }
    }
    return files
  }

  private func find(_ file: RemoteFile, at source: BackboneSource) throws(FetchError) -> Origin {
    var order = FetchOrder(source.name, [file])
    order.token = source.token
    return try bring(file, order, again: source.again)
  }

  /// The file, or `nil` where the repository has none of this name.
  private func present(
    _ path: String, at source: BackboneSource
  ) throws(FetchError) -> (file: RemoteFile, origin: Origin)? {
    let file = source.file(path)
    do throws(FetchError) {
      return (file, try find(file, at: source))
    } catch {
      guard error.meansMissing else { throw error }
      return nil
    }
  }
}

/// Where a backbone's files are asked for.
private struct BackboneSource: Sendable {
  let name: String
  let base: String
  var token: String?
  var again = false

  func file(_ path: String) -> RemoteFile { RemoteFile("\(base)/resolve/main/\(path)", .plain) }
}

extension FetchError {
  /// Whether the server or the mirror does not have the file.
  fileprivate var meansMissing: Bool {
    switch self {
    case .http(let status, _): status == 404 || status == 410
    case .notInMirror: true
    default: false
    }
  }

  fileprivate var isUnauthorized: Bool {
    if case .http(status: 401, _) = self { true } else { false }
  }
}
