import Foundation

/// A source whose bytes are on this machine, ready to be put in place.
struct Origin: Sendable {
  enum Kind: Sendable {
    /// Downloaded just now.
    case download
    /// Downloaded at an earlier time.
    case cache
    /// A file of a directory mirror, which is not ours to change.
    case mirror
    /// Another file of this machine, which is not ours to change either.
    case local
    /// A file of Hugging Face's cache, which nobody changes.
    case hub
  }

  let kind: Kind
  let file: URL
  /// Where the download is kept that `file` is a second name of.
  var download: URL?
  let source: FetchManifest.Source

  /// Whether it lies in the cache and may be deleted.
  var isOurs: Bool { kind == .download || kind == .cache }

  /// Whether its bytes stay what they are, so that they need not be copied.
  var isLasting: Bool { isOurs || kind == .hub }

  /// What a user does when the file turns out to be damaged.
  var remedy: String {
    switch kind {
    case .mirror: "replace it in the mirror"
    case .local, .hub: "replace it by a whole one"
    case .download, .cache: "it has been deleted, run the same command again to fetch it anew"
    }
  }
}
