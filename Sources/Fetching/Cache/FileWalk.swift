import Foundation

/// The regular files below a folder, without following links.
enum FileWalk {
  struct File {
    var url: URL
    var bytes: Int
    /// When it was last read or written.
    var used: Date
  }

  /// In no particular order; files that vanish meanwhile are left out.
  static func files(below folder: URL) -> [File] {
    guard let paths = FileManager.default.enumerator(atPath: folder.path) else { return [] }
    return paths.compactMap { path in
      (path as? String).flatMap { file(folder.appending(path: $0)) }
    }
  }

  private static func file(_ url: URL) -> File? {
    var status = stat()
    guard lstat(url.path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    #if canImport(Darwin)
    let times = [status.st_atimespec.tv_sec, status.st_mtimespec.tv_sec]
    #else
    let times = [status.st_atim.tv_sec, status.st_mtim.tv_sec]
    #endif
    let used = Date(timeIntervalSince1970: TimeInterval(max(times[0], times[1])))
    return File(url: url, bytes: Int(status.st_size), used: used)
  }
}
