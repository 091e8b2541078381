import Foundation

/// What the file system has left.
enum FreeSpace {
  /// The bytes that may still be written below a folder, which need not exist yet; `nil` where the
  /// system does not say.
  static func bytes(around folder: URL) -> Int? {
    var place = folder.standardizedFileURL
    while !FileManager.default.fileExists(atPath: place.path), place.path != "/" {
      place.deleteLastPathComponent()
    }
    let attributes = try? FileManager.default.attributesOfFileSystem(forPath: place.path)
    return (attributes?[.systemFreeSize] as? NSNumber)?.intValue
  }
}
