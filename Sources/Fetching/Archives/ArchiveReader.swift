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
    /// As the archive says; `nil` where it does not.
    var bytes: Int?
    var isEncrypted = false
  }

  /// Why reading ended, in libarchive's words.
  struct Damage: Error {
    var reason: String
  }

  /// What a file is expected to be.
  enum Expectation {
    /// A zip or a tar, compressed or not.
    case archive
    /// One gzip-compressed file.
    case gzip
    /// One file, compressed in a way that is known.
    case compressed
  }

  init(_ file: URL, _ expectation: Expectation) throws(Damage) {
    guard let handle = archive_read_new() else { throw Damage(reason: "out of memory") }
    self.handle = handle
    path = file.path
    // Named one by one: some of libarchive's others start programs.
    archive_read_support_filter_gzip(handle)
    if expectation != .gzip {
      archive_read_support_filter_bzip2(handle)
      archive_read_support_filter_xz(handle)
      archive_read_support_filter_lzma(handle)
      archive_read_support_filter_zstd(handle)
    }
    if expectation == .archive {
      archive_read_support_format_zip(handle)
      archive_read_support_format_tar(handle)
      archive_read_support_format_gnutar(handle)
    } else {
      archive_read_support_format_raw(handle)
      archive_read_support_format_empty(handle)
    }
    guard archive_read_open_filename(handle, file.path, 1 << 16) == ARCHIVE_OK else {
      throw damage
    }
    // The raw format takes any file for its own content.
    switch (expectation, archive_filter_code(handle, 0)) {
    case (.gzip, let code) where code != ARCHIVE_FILTER_GZIP:
      throw Damage(reason: "it is not gzip-compressed")
    case (.compressed, ARCHIVE_FILTER_NONE):
      throw Damage(reason: "it is compressed in no way that is known: gzip, bzip2, xz, zstd")
    default: break
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
    return Entry(
      path: name, kind: ArchiveReader.kind(of: entry),
      bytes: archive_entry_size_is_set(entry) != 0 ? Int(archive_entry_size(entry)) : nil,
      isEncrypted: archive_entry_is_encrypted(entry) != 0)
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

  /// Whether headers can be read without reading what is between them.
  var isQuicklyListed: Bool {
    archive_format(handle) & ARCHIVE_FORMAT_BASE_MASK == ARCHIVE_FORMAT_ZIP
      || !isCompressed
  }

  /// Whether the whole file is compressed, rather than each of its entries.
  var isCompressed: Bool { archive_filter_code(handle, 0) != ARCHIVE_FILTER_NONE }

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
