import Foundation

extension Unpacker {
  /// The bytes that the archive says it unpacks to, or what is likely where finding that out would
  /// mean to unpack it.
  ///
  /// - Throws: `FetchError.tooLarge` where it says more than the limits allow.
  func estimatedBytes() throws(FetchError) -> Int {
    guard let reader = try? ArchiveReader(archive, .archive) else { return guessedBytes }
    var total = 0
    // What is wrong with it is said by whoever unpacks it.
    while let entry = try? reader.next() {
      guard reader.isQuicklyListed else { return guessedBytes }
      let bytes = max(0, entry.bytes ?? 0)
      guard bytes <= limits.bytes - total else {
        throw .tooLarge(archive: archive.path, limit: limits.bytes)
      }
      total += bytes
    }
    return total
  }

  /// What text usually unpacks to.
  var guessedBytes: Int { 3 * (FileManager.default.size(of: archive) ?? 0) }
}
