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
}

extension FetchError {
  /// Whether what was got is wrong, rather than out of reach.
  public var isInvalidContent: Bool {
    switch self {
    case .checksum, .corrupt, .unsafeEntry, .tooLarge, .incompleteBackbone, .badBackboneName: true
    case .offline, .notInMirror, .http, .network, .diskFull, .readOnly, .fileSystem: false
    }
  }
}

extension FetchError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .offline(let url):
      "\(url) is needed, but connections are switched off: unset DEPT_OFFLINE, or point "
        + "DEPT_MIRROR at a directory that holds it"
    case .notInMirror(let path, let url):
      "the mirror has no \(path) (for \(url)): add it, or unset DEPT_MIRROR"
    case .http(let status, let url):
      "\(url) answered with HTTP status \(status)\(FetchError.meaning(of: status))"
    case .network(let url, let reason):
      "\(url) could not be downloaded (\(reason)): check the connection and run it again, what "
        + "has arrived is kept"
    case .checksum(let url, let expected, let found):
      "\(url) has the SHA-256 \(found) in place of \(expected): the file on the server is not the "
        + "one expected, it was not used"
    case .corrupt(let path, let reason, let remedy):
      "\(path) is damaged (\(reason)): \(remedy)"
    case .unsafeEntry(let archive, let entry, let reason):
      "\(archive) holds '\(entry)', which \(reason): nothing of it was unpacked"
    case .tooLarge(let archive, let limit):
      "\(archive) unpacks to more than \(limit) bytes, which is implausible: nothing of it was "
        + "unpacked"
    case .diskFull(let path):
      "there is no room left to write \(path): free some space and run it again"
    case .readOnly(let path):
      "\(path) cannot be written (read-only or no permission): choose another place with --home"
    case .fileSystem(let path, let reason):
      "\(path) cannot be used: \(reason)"
    case .incompleteBackbone(let name, let missing):
      "the repository '\(name)' has no \(missing): choose another backbone"
    case .badBackboneName(let name):
      "'\(name)' is not the name of a backbone: expected NAME or ORGANISATION/NAME"
    }
  }

  /// What happened to a connection, without the remedy.
  var brief: String {
    switch self {
    case .http(let status, _): "HTTP status \(status)"
    case .network(_, let reason): reason
    default: description
    }
  }

  private static func meaning(of status: Int) -> String {
    switch status {
    case 401, 403: " (no access): check the address, and the token where one is needed"
    case 404, 410: " (not found): the file has moved; a mirror may have it (DEPT_MIRROR)"
    case 429: " (too many requests): wait and run it again"
    case 500...: " (a fault of the server): run it again later"
    default: ": check the address"
    }
  }
}
