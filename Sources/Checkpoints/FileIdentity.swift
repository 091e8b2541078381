import Foundation

/// Whether two paths lead to one file or directory, however they are written.
package enum FileIdentity {
  /// Whether both exist and are the same, through links and whatever the spelling.
  package static func isSame(_ a: String, _ b: String) -> Bool {
    guard let first = identity(a), let second = identity(b) else { return false }
    return first == second
  }

  private static func identity(_ path: String) -> [UInt64]? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return [UInt64(status.st_dev), UInt64(status.st_ino)]
  }
}
