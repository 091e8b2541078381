import Crypto
import Foundation
import Synchronization

/// Digests of files, remembered by path, size and time of change, so that the second time is free.
///
/// A class because the memory is shared by everyone who asks; it is kept in one JSON file.
public final class FileDigests: Sendable {
  private struct Entry: Codable, Hashable {
    var size: Int
    /// When the file's content or record was last touched, in nanoseconds since 1970; unlike the
    /// time of modification it cannot be set back.
    var changed: Int
    var inode: Int
    var digest: String
  }

  private let cachePath: String
  private let entries: Mutex<[String: Entry]>

  /// - Parameter cachePath: the file that remembers; it need not exist, and may be deleted.
  public init(cachePath: String) {
    self.cachePath = cachePath
    let data = FileManager.default.contents(atPath: cachePath) ?? Data()
    entries = Mutex((try? JSONDecoder().decode([String: Entry].self, from: data)) ?? [:])
  }

  /// The SHA-256 over the names and contents of several files, in the order of their names; of
  /// folders, every file in them. Files whose name begins with a dot do not count.
  public func digest(of paths: [String]) throws(FileDigestError) -> String {
    var hash = SHA256()
    for path in paths.sorted() {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
        throw .missing(path: path)
      }
      for name in isFolder.boolValue ? try files(in: path) : [""] {
        let file = name.isEmpty ? path : "\(path)/\(name)"
        let label = name.isEmpty ? (path as NSString).lastPathComponent : name
        hash.update(data: Data("\(label)\n\(try digest(ofFile: file))\n".utf8))
      }
    }
    return hash.finalize().hexadecimal
  }

  /// Writes what has been learnt; a failure only costs time later.
  public func save() {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(entries.withLock { $0 }) else { return }
    let folder = (cachePath as NSString).deletingLastPathComponent
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try? data.write(to: URL(fileURLWithPath: cachePath), options: .atomic)
  }

  private func files(in folder: String) throws(FileDigestError) -> [String] {
    do {
      return try FileManager.default.subpathsOfDirectory(atPath: folder).filter { name in
        var isFolder: ObjCBool = false
        _ = FileManager.default.fileExists(atPath: "\(folder)/\(name)", isDirectory: &isFolder)
        return !isFolder.boolValue && !name.split(separator: "/").contains { $0.hasPrefix(".") }
      }.sorted()
    } catch {
      throw .unreadable(path: folder)
    }
  }

  /// The SHA-256 of one file's content.
  public func digest(ofFile path: String) throws(FileDigestError) -> String {
    var status = stat()
    guard stat(path, &status) == 0 else { throw .missing(path: path) }
    #if os(Linux)
    let time = status.st_ctim
    #else
    let time = status.st_ctimespec
    #endif
    let changed = time.tv_sec * 1_000_000_000 + time.tv_nsec
    let size = Int(status.st_size)
    let inode = Int(status.st_ino)
    if let entry = entries.withLock({ $0[path] }), entry.size == size, entry.changed == changed,
      entry.inode == inode
    {
      return entry.digest
    }
    let digest = try hash(file: path)
    entries.withLock {
      $0[path] = Entry(size: size, changed: changed, inode: inode, digest: digest)
    }
    return digest
  }

  private func hash(file path: String) throws(FileDigestError) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .unreadable(path: path) }
    defer { close(descriptor) }
    var hash = SHA256()
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .unreadable(path: path) }
      if count == 0 { return hash.finalize().hexadecimal }
      buffer.withUnsafeBytes {
        hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[..<count]))
      }
    }
  }
}

/// Why a file has no digest.
public enum FileDigestError: Error, Hashable, Sendable, CustomStringConvertible {
  case missing(path: String)
  case unreadable(path: String)

  public var description: String {
    switch self {
    case .missing(let path): "\(path) is missing; fetch it, or correct the path"
    case .unreadable(let path): "\(path) cannot be read; check its permissions"
    }
  }
}
