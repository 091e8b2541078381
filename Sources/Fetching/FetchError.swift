/// Why something could not be fetched.
public enum FetchError: Error, Hashable, Sendable {
  /// A connection would be needed, but none may be opened.
  case offline(url: String)
  /// The directory that stands in for the network has no such file.
  case notInMirror(path: String, url: String)
  /// The server answered with an error.
  case http(status: Int, url: String)
  /// The connection failed, also when tried again.
  case network(url: String, reason: String)
  /// The file is not the one that is expected.
  case checksum(url: String, expected: String, found: String)
  /// The file is damaged; `remedy` says what to do.
  case corrupt(path: String, reason: String, remedy: String)
  /// An archive holds an entry that must not be unpacked.
  case unsafeEntry(archive: String, entry: String, reason: String)
  /// An archive unpacks to more than is plausible.
  case tooLarge(archive: String, limit: Int)
  /// The file system has no room left.
  case diskFull(path: String)
  /// The file system or the permissions forbid writing.
  case readOnly(path: String)
  /// Another fault of the file system.
  case fileSystem(path: String, reason: String)
  /// A backbone's repository has no file of a kind it needs.
  case incompleteBackbone(name: String, missing: String)
  /// The name is neither `name` nor `organisation/name`.
  case badBackboneName(String)
  /// The file is not the one that the lock of data knows.
  case changed(Change)
  /// What is in place was made of another file than the lock of data knows.
  case outdated(Change)
  /// The lock of data cannot be read; the line counts from 1.
  case damagedLock(path: String, line: Int, reason: String)
  /// The lock of data cannot be written.
  case unwritableLock(path: String)
  /// A page for people is in the place of a file; `place` is an address or a path.
  case webPage(place: String)
  /// A file that is given by its path does not exist.
  case noSuchFile(path: String)
  /// The server asks for a longer pause than is waited.
  case asksToWait(url: String, seconds: Int)
  /// The file system has less room than will be needed.
  case noSpace(subject: String, folder: String, needed: Int, free: Int)
  /// Fetched data would take more than they may.
  case overQuota(subject: String, needed: Int, used: Int, quota: Int)
  /// A fetch is under way, so that nothing may be removed.
  case inUse(folder: String)

  /// A file that is not what it was.
  public struct Change: Hashable, Sendable {
    /// The data set or backbone.
    public var name: String
    public var url: String
    /// The SHA-256 that the lock knows.
    public var known: String
    /// The SHA-256 that was found.
    public var found: String
    /// The path of the lock.
    public var lock: String
  }
}

extension FetchError {
  /// Whether what was got is wrong, rather than out of reach.
  public var isInvalidContent: Bool {
    switch self {
    case .checksum, .corrupt, .unsafeEntry, .tooLarge, .incompleteBackbone, .badBackboneName,
      .changed, .outdated, .damagedLock, .webPage:
      true
    case .offline, .notInMirror, .http, .network, .diskFull, .readOnly, .fileSystem,
      .unwritableLock, .noSuchFile, .asksToWait, .noSpace, .overQuota, .inUse:
      false
    }
  }
}
