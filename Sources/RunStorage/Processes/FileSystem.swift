import Foundation

/// Where a folder lies, as far as it matters to a database.
public enum FileSystem {
  /// The name of the network file system that `path` lies on, such as `nfs4`; `nil` on a local
  /// disk, or where that cannot be told.
  ///
  /// SQLite's log is shared through memory that is mapped from a file, which other machines do not
  /// see: on such a file system only one machine may use a store.
  public static func network(at path: String) -> String? {
    #if os(Linux)
    guard let data = FileManager.default.contents(atPath: "/proc/self/mountinfo") else {
      return nil
    }
    let real = URL(filePath: path).resolvingSymlinksInPath().path
    return network(at: real, mounts: String(decoding: data, as: UTF8.self))
    #else
    var status = statfs()
    guard statfs(path, &status) == 0 else { return nil }
    return status.f_flags & UInt32(MNT_LOCAL) != 0 ? nil : "a network file system"
    #endif
  }

  /// The same, by the lines of Linux's `mountinfo`: of the places that `path` lies below the
  /// deepest counts, and of several in one place the last.
  public static func network(at path: String, mounts: String) -> String? {
    var deepest: (length: Int, type: Substring)?
    for line in mounts.split(separator: "\n") {
      let fields = line.split(separator: " ")
      guard fields.count > 6, let dash = fields.firstIndex(of: "-"), dash + 1 < fields.count else {
        continue
      }
      let place = fields[4].replacing("\\040", with: " ")
      guard place == "/" || path == place || path.hasPrefix(place + "/"),
        place.count >= deepest?.length ?? 0
      else { continue }
      deepest = (place.count, fields[dash + 1])
    }
    return deepest.flatMap { names.contains(String($0.type)) ? String($0.type) : nil }
  }

  private static let names: Set<String> = [
    "nfs", "nfs4", "cifs", "smb3", "smbfs", "lustre", "ceph", "gpfs", "afs", "beegfs", "glusterfs",
    "fuse.glusterfs", "fuse.sshfs", "fuse.ceph", "fuse.s3fs", "fuse.rclone", "fuse.juicefs",
    "ocfs2",
    "gfs2", "orangefs", "9p",
  ]
}
