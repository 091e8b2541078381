/// What a fetch is doing, for whoever watches.
public enum FetchEvent: Hashable, Sendable {
  /// Another process is fetching the same.
  case waiting(String)
  /// A download begins, `resumedFrom` bytes being here already.
  case started(url: String, resumedFrom: Int)
  /// `bytes` of `total` (where the server says it) are here.
  case received(url: String, bytes: Int, total: Int?)
  /// A download failed and is tried again after a pause in seconds.
  case retrying(url: String, pause: Double, reason: String)
  /// A file is unpacked.
  case unpacking(name: String)
  /// A damaged download from an earlier time is thrown away and downloaded again.
  case discarded(path: String)
}
