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
        + "one expected and was not used: point DEPT_MIRROR at a copy of the right one"
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
    case .changed(let change):
      "\(change.url) has changed: its SHA-256 is \(change.found), but \(change.lock) knows "
        + "\(change.known); what was here before is kept: run 'dept fetch \(change.name) "
        + "--accept-changes' to take the new file, or point DEPT_MIRROR at a copy of the old one"
    case .outdated(let change):
      "'\(change.name)' is here, but was made of \(change.url) with the SHA-256 \(change.found), "
        + "and \(change.lock) knows \(change.known): run 'dept fetch \(change.name) --again' to "
        + "fetch it anew, or with --accept-changes to take what the server has now"
    case .damagedLock(let path, let line, let reason):
      "\(path):\(line): it is no lock of data (\(reason)): restore it with git, or delete it to "
        + "trust what is fetched next"
    case .unwritableLock(let path):
      "\(path) cannot be written, so that the hashes of what is fetched cannot be kept: choose "
        + "another file with --lock or DEPT_LOCK"
    case .webPage(let place):
      "\(place) is a web page in place of the file (a login, an expired link, or the portal of a "
        + "network): open it in a browser to see what it wants, or use a mirror (DEPT_MIRROR); "
        + "nothing of it was kept"
    case .noSuchFile(let path):
      "\(path) does not exist: put the file there, or correct the address of the data set"
    case .asksToWait(let url, let seconds):
      "\(url) asks to be left alone for \(seconds) s: run it again after that, what has arrived is "
        + "kept"
    case .noSpace(let subject, let folder, let needed, let free):
      "\(subject) needs \(FileSize.text(needed)), but only \(FileSize.text(free)) are free "
        + "around \(folder): free some space ('dept gc' removes what can be made again), or choose "
        + "another place with --home"
    case .overQuota(let subject, let needed, let used, let quota):
      "\(subject) needs \(FileSize.text(needed)), but fetched data take \(FileSize.text(used)) "
        + "of the \(FileSize.text(quota)) they may: run 'dept gc', or raise --quota (DEPT_QUOTA)"
    case .inUse(let folder):
      "a fetch is using \(folder): run it again when that has ended"
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
