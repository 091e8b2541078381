/// What a fetch is doing, for whoever watches.
public enum FetchEvent: Hashable, Sendable {
  /// The same is being fetched, by another process or for another name.
  case waiting(String)
  /// So many files will be asked for, beside those of other fetches.
  case planned(files: Int)
  /// A download begins, `resumedFrom` bytes being here already.
  case started(url: String, resumedFrom: Int)
  /// `bytes` of `total` (where the server says it) are here.
  case received(url: String, bytes: Int, total: Int?)
  /// A download failed and is tried again after a pause in seconds.
  case retrying(url: String, pause: Double, reason: String)
  /// A download has ended, whether well or not.
  case ended(url: String)
  /// A planned file is here: downloaded, or found on this machine.
  case brought(url: String)
  /// A file is unpacked, from here to `unpacked`.
  case unpacking(name: String)
  /// Unpacking has ended, whether well or not.
  case unpacked(name: String)
  /// A damaged download from an earlier time is thrown away and downloaded again.
  case discarded(path: String)
  /// A file of another program's cache cannot be used and is downloaded instead.
  case unusable(path: String, reason: String)
}
