import Datasets
import Foundation

extension Fetcher {
  /// Brings a backbone from a Hugging Face repository to `cache/NAME/`; nothing is done where it is
  /// there already.
  ///
  /// - Parameters:
  ///   - name: `NAME` or `ORGANISATION/NAME`.
  ///   - endpoint: the server, as `HF_ENDPOINT` names it.
  ///   - token: sent to that server only; needed for repositories with restricted access.
  /// - Throws: `FetchError.incompleteBackbone` where the repository lacks weights in safetensors
  ///   format, a configuration or a vocabulary.
  public func fetchBackbone(
    _ name: String, endpoint: String = "https://huggingface.co", token: String? = nil,
    again: Bool = false
  ) throws(FetchError) -> FetchReport {
    let wanted = try BackboneFiles(name)
    let folder = cache.appending(path: name)
    if !again, let earlier = FetchManifest(in: folder), earlier.isComplete(in: folder) {
      return FetchReport(
        name: name, outcome: .present, folder: folder, sources: earlier.sources, changed: [])
    }
    var missing: FetchError?
    for repository in wanted.repositories {
      let base = "\(endpoint.hasSuffix("/") ? String(endpoint.dropLast()) : endpoint)/\(repository)"
      do throws(FetchError) {
        let files = try backboneFiles(
          name, at: BackboneSource(base: base, token: token, again: again))
        return try fetch(name, files, token: token, replacing: again)
      } catch {
        // A repository that does not exist is answered with 401 to strangers.
        guard error.meansMissing || error.isUnauthorized else { throw error }
        missing = missing ?? error
      }
    }
    throw missing ?? .badBackboneName(name)
  }

  /// Finds out what the repository has, downloading on the way: a later fetch finds it in the
  /// cache.
  private func backboneFiles(
    _ name: String, at source: BackboneSource
  ) throws(FetchError) -> [RemoteFile] {
    var files = [source.file(BackboneFiles.configuration)]
    _ = try bring(files[0], token: source.token, again: source.again)
    if let weights = try present(BackboneFiles.weights, at: source) {
      files.append(weights.file)
    } else if let index = try present(BackboneFiles.weightsIndex, at: source) {
      files.append(index.file)
      for shard in try BackboneFiles.shards(inIndex: index.origin.file) {
        files.append(source.file(shard))
        _ = try bring(source.file(shard), token: source.token, again: source.again)
      }
    } else {
      throw .incompleteBackbone(name: name, missing: "weights in safetensors format")
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
    guard hasVocabulary else { throw .incompleteBackbone(name: name, missing: "vocabulary") }
    for path in BackboneFiles.extras {
      if let file = try present(path, at: source)?.file { files.append(file) }
    }
    return files
  }

  /// The file, or `nil` where the repository has none of this name.
  private func present(
    _ path: String, at source: BackboneSource
  ) throws(FetchError) -> (file: RemoteFile, origin: Origin)? {
    let file = source.file(path)
    do throws(FetchError) {
      return (file, try bring(file, token: source.token, again: source.again))
    } catch {
      guard error.meansMissing else { throw error }
      return nil
    }
  }
}

/// Where a backbone's files are asked for.
private struct BackboneSource {
  let base: String
  let token: String?
  let again: Bool

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
