import CArchive
import Foundation

/// An archive that is read entry by entry; a class because it owns libarchive's handle.
final class ArchiveReader {
  let path: String
  private let handle: OpaquePointer

  /// What an entry is.
  enum Kind: Equatable {
    case file
    case folder
    /// A symbolic link, relative to the entry's own folder.
    case symbolicLink(target: String)
    /// Another name of an earlier entry.
    case hardLink(target: String)
    /// A device, a pipe, a socket.
    case special
  }

  struct Entry {
    var path: String
    var kind: Kind
  }

  /// Why reading ended, in libarchive's words.
  struct Damage: Error {
    var reason: String
  }

  /// - Parameter single: the file is one gzip-compressed file rather than an archive.
  init(_ file: URL, single: Bool) throws(Damage) {
    guard let handle = archive_read_new() else { throw Damage(reason: "out of memory") }
    self.handle = handle
    path = file.path
    if single {
      archive_read_support_filter_gzip(handle)
      archive_read_support_format_raw(handle)
      archive_read_support_format_empty(handle)
    } else {
      archive_read_support_filter_all(handle)
      archive_read_support_format_zip(handle)
      archive_read_support_format_tar(handle)
      archive_read_support_format_gnutar(handle)
    }
    guard archive_read_open_filename(handle, file.path, 1 << 16) == ARCHIVE_OK else {
      throw damage
    }
    // The raw format takes any file for its own content.
    if single, archive_filter_code(handle, 0) != ARCHIVE_FILTER_GZIP {
      throw Damage(reason: "it is not gzip-compressed")
    }
  }

  deinit { archive_read_free(handle) }

  /// The next entry, or `nil` at the end.
  func next() throws(Damage) -> Entry? {
    var entry: OpaquePointer?
    let code = archive_read_next_header(handle, &entry)
    if code == ARCHIVE_EOF { return nil }
    // A warning is about a name's encoding or an attribute that is not used here.
    guard code == ARCHIVE_OK || code == ARCHIVE_WARN, let entry else { throw damage }
    guard
      let name = ArchiveReader.text(
        archive_entry_pathname_utf8(entry) ?? archive_entry_pathname(entry))
    else { throw Damage(reason: "an entry has no name") }
    return Entry(path: name, kind: ArchiveReader.kind(of: entry))
  }

  /// The next piece of the present entry's content, valid until the next call; `nil` at its end.
  func content() throws(Damage) -> (bytes: UnsafeRawBufferPointer, offset: Int)? {
    var start: UnsafeRawPointer?
    var count = 0
    var offset: la_int64_t = 0
    let code = archive_read_data_block(handle, &start, &count, &offset)
    if code == ARCHIVE_EOF { return nil }
    guard code == ARCHIVE_OK else { throw damage }
    return (UnsafeRawBufferPointer(start: start, count: count), Int(offset))
  }

  private var damage: Damage {
    Damage(reason: ArchiveReader.text(archive_error_string(handle)) ?? "it cannot be read")
  }

  private static func kind(of entry: OpaquePointer) -> Kind {
    if let target = text(archive_entry_hardlink_utf8(entry) ?? archive_entry_hardlink(entry)) {
      return .hardLink(target: target)
    }
    if let target = text(archive_entry_symlink_utf8(entry) ?? archive_entry_symlink(entry)) {
      return .symbolicLink(target: target)
    }
    // The values of the file type are POSIX's; 0 is a format that does not say.
    switch Int32(archive_entry_filetype(entry)) & 0o170000 {
    case 0o100000, 0: return .file
    case 0o040000: return .folder
    default: return .special
    }
  }

  private static func text(_ pointer: UnsafePointer<CChar>?) -> String? {
    pointer.map { String(cString: $0) }
  }
}
