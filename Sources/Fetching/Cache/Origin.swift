import Foundation

/// A source whose bytes are on this machine, ready to be put in place.
struct Origin {
  enum Kind {
    /// Downloaded just now.
    case download
    /// Downloaded at an earlier time.
    case cache
    /// A file of a directory mirror, which is not ours to change.
    case mirror
  }

  let kind: Kind
  let file: URL
  let source: FetchManifest.Source

  /// What a user does when the file turns out to be damaged.
  var remedy: String {
    switch kind {
    case .mirror: "replace it in the mirror"
    case .download, .cache: "it has been deleted, run the same command again to fetch it anew"
    }
  }
}
