import CArchive
import DeptTesting
import Foundation

/// Archives for tests, well-behaved and not.
enum TestArchive {
  enum Format: CaseIterable { case zip, tar, tarGzip, tarXz, tarBzip2, gzip, xz, bzip2 }

  struct Entry {
    var path: String
    var text = ""
    var symbolicLink: String?
    var hardLink: String?
    var isPipe = false
    var isFolder = false
    var permissions: UInt16 = 0o644
  }

  struct Failed: Error {}

  /// Writes an archive with these entries.
  static func write(_ entries: [Entry], _ format: Format, to file: URL) throws {
    guard let archive = archive_write_new() else { throw Failed() }
    defer { archive_write_free(archive) }
    switch format {
    case .zip: archive_write_set_format_zip(archive)
    case .tar: archive_write_set_format_pax_restricted(archive)
    case .tarGzip:
      archive_write_set_format_pax_restricted(archive)
      archive_write_add_filter_gzip(archive)
    case .tarXz:
      archive_write_set_format_pax_restricted(archive)
      archive_write_add_filter_xz(archive)
    case .tarBzip2:
      archive_write_set_format_pax_restricted(archive)
      archive_write_add_filter_bzip2(archive)
    case .xz:
      archive_write_set_format_raw(archive)
      archive_write_add_filter_xz(archive)
    case .bzip2:
      archive_write_set_format_raw(archive)
      archive_write_add_filter_bzip2(archive)
    case .gzip:
      archive_write_set_format_raw(archive)
      archive_write_add_filter_gzip(archive)
    }
    guard archive_write_open_filename(archive, file.path) == ARCHIVE_OK else { throw Failed() }
    for entry in entries { try add(entry, to: archive) }
    guard archive_write_close(archive) == ARCHIVE_OK else { throw Failed() }
  }

  /// The bytes of such an archive.
  static func data(_ entries: [Entry], _ format: Format) throws -> Data {
    let folder = try TemporaryFolder()
    let file = folder.url.appending(path: "archive")
    try write(entries, format, to: file)
    return try Data(contentsOf: file)
  }

  private static func add(_ entry: Entry, to archive: OpaquePointer) throws {
    guard let header = archive_entry_new() else { throw Failed() }
    defer { archive_entry_free(header) }
    archive_entry_set_pathname(header, entry.path)
    archive_entry_set_perm(header, mode_t(entry.permissions))
    archive_entry_set_filetype(header, 0o100000)
    if entry.isFolder { archive_entry_set_filetype(header, 0o040000) }
    if entry.isPipe { archive_entry_set_filetype(header, 0o010000) }
    if let target = entry.symbolicLink {
      archive_entry_set_filetype(header, 0o120000)
      archive_entry_set_symlink(header, target)
    }
    if let target = entry.hardLink { archive_entry_set_hardlink(header, target) }
    let bytes = Array(entry.text.utf8)
    archive_entry_set_size(header, Int64(bytes.count))
    guard archive_write_header(archive, header) == ARCHIVE_OK else { throw Failed() }
    if !bytes.isEmpty {
      guard archive_write_data(archive, bytes, bytes.count) == bytes.count else { throw Failed() }
    }
  }

  /// Sets a field of every header of a zip's list of contents, and of every file's own.
  ///
  /// - Parameters:
  ///   - offset: of the field in the list's headers; that in a file's own is two bytes earlier.
  static func patch(_ zip: Data, at offset: Int, _ field: [UInt8]) -> Data {
    var bytes = [UInt8](zip)
    for (signature, shift) in [([0x50, 0x4B, 1, 2] as [UInt8], 0), ([0x50, 0x4B, 3, 4], -2)] {
      for start in bytes.indices.dropLast(46)
      where bytes[start..<(start + 4)].elementsEqual(signature) {
        bytes.replaceSubrange(
          (start + offset + shift)..<(start + offset + shift + field.count), with: field)
      }
    }
    return Data(bytes)
  }
}
