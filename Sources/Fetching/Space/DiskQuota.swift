public import Foundation

/// How much fetched data may take on the disk.
public struct DiskQuota: Hashable, Sendable {
  public var bytes: Int
  /// The folders whose files count.
  public var folders: [URL]

  public init(bytes: Int, folders: [URL]) {
    self.bytes = bytes
    self.folders = folders
  }

  /// The bytes of all files below the folders.
  func used() -> Int {
    folders.reduce(0) { total, folder in
      FileWalk.files(below: folder).reduce(total) { $0 + $1.bytes }
    }
  }
}
