import Datasets
import Foundation

/// What is to be brought to `cache/NAME/`, and how.
struct FetchOrder: Sendable {
  let name: String
  /// Where two hold the same path, the later one counts.
  let files: [RemoteFile]
  /// Paths of which each has to be there afterwards.
  var required: [String] = []
  /// Files of this machine that stand in for an address.
  var copies: [String: URL] = [:]
  /// A folder for second names of downloads, which no other fetch takes away; `nil`: none needed.
  var desk: URL?
  /// Sent to the servers themselves, not to a mirror.
  var token: String?
  /// Put everything in place also where it is already.
  var replacing = false
  /// The addresses to download also where that has been done.
  var renewing: Set<String> = []

  init(
    _ name: String, _ files: [RemoteFile], replacing: Bool = false, renewing: Set<String> = []
  ) {
    self.name = name
    self.files = files
    self.replacing = replacing
    self.renewing = renewing
  }

  func folder(in cache: URL) -> URL { cache.appending(path: name) }

  /// Whether what is in place is whole, and made of files that are still wanted as they were.
  func canUse(_ manifest: FetchManifest, in cache: URL) -> Bool {
    guard !replacing, manifest.isComplete(in: folder(in: cache)) else { return false }
    return manifest.sources.allSatisfy { source in
      guard let file = files.first(where: { $0.url == source.url }) else { return false }
      return file.sha256.map { $0 == source.sha256 } ?? true
    }
  }
}
