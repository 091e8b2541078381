import Foundation

/// Unpacks an archive into an empty folder; no path, link or size in the archive is trusted.
struct Unpacker {
  let archive: URL
  let folder: URL
  var limits: UnpackLimits
  /// What to do about a damaged archive, for the error.
  var remedy: String

  /// Unpacks a zip or a tar, compressed in any way libarchive knows.
  ///
  /// A link inside the folder becomes a copy of the file it leads to.
  func unpackArchive() throws(FetchError) {
    let reader = try damaged { () throws(ArchiveReader.Damage) in
      try ArchiveReader(archive, .archive)
    }
    var budget = limits.bytes
    var entries = 0
    var spellings = EntrySpellings()
    var links: [(path: EntryPath, target: EntryPath)] = []
    while let entry = try damaged({ () throws(ArchiveReader.Damage) in try reader.next() }) {
      entries += 1
      guard entries <= limits.entries else {
        throw .tooLarge(archive: archive.path, limit: limits.bytes)
      }
      let path = try safe(entry.path) { () throws(EntryPath.Refusal) in try EntryPath(entry.path) }
      guard !path.components.isEmpty else { continue }
      guard !entry.isEncrypted else {
        throw .unsafeEntry(
          archive: archive.path, entry: entry.path, reason: "is encrypted and cannot be read")
      }
      try safe(entry.path) { () throws(EntryPath.Refusal) in
        try spellings.add(path, isFolder: entry.kind == .folder)
      }
      switch entry.kind {
      case .folder:
        try create(folder.appending(path: path.text))
      case .file:
        try write(reader, to: path.text, &budget)
      case .symbolicLink(let target):
        let target = try safe(entry.path) { () throws(EntryPath.Refusal) in
          try EntryPath(target: target, from: path)
        }
        links.append((path, target))
      case .hardLink(let target):
        let target = try safe(entry.path) { () throws(EntryPath.Refusal) in
          do {
            return try EntryPath(target)
          } catch {
            throw EntryPath.Refusal(reason: "is a link out of the folder")
          }
        }
        links.append((path, target))
      case .special:
        throw .unsafeEntry(
          archive: archive.path, entry: entry.path, reason: "is neither a file nor a folder")
      }
    }
    guard entries > 0 else {
      throw .corrupt(path: archive.path, reason: "it holds no files", remedy: remedy)
    }
    try copy(links, &budget)
  }

  /// Decompresses a single compressed file to `name`.
  func decompress(to name: String, onlyGzip: Bool = true) throws(FetchError) {
    let reader = try damaged { () throws(ArchiveReader.Damage) in
      try ArchiveReader(archive, onlyGzip ? .gzip : .compressed)
    }
    guard try damaged({ () throws(ArchiveReader.Damage) in try reader.next() }) != nil else {
      throw .corrupt(path: archive.path, reason: "it is empty", remedy: remedy)
    }
    var budget = limits.bytes
    try write(reader, to: name, &budget)
  }

  private func write(
    _ reader: ArchiveReader, to path: String, _ budget: inout Int
  ) throws(FetchError) {
    let file = folder.appending(path: path)
    try create(file.deletingLastPathComponent())
    let output = try OutputFile(file.path)
    var position = 0
    while let piece = try damaged({ () throws(ArchiveReader.Damage) in try reader.content() }) {
      // A gap between pieces is a hole in a sparse file.
      let gap = max(0, piece.offset - position)
      budget -= gap + piece.bytes.count
      guard budget >= 0 else { throw .tooLarge(archive: archive.path, limit: limits.bytes) }
      try pad(output, gap)
      try output.write(piece.bytes)
      position += gap + piece.bytes.count
    }
  }

  private func pad(_ output: OutputFile, _ count: Int) throws(FetchError) {
    let zeros = [UInt8](repeating: 0, count: min(count, 1 << 16))
    var left = count
    while left > 0 {
      let piece = min(left, zeros.count)
      let fault = zeros.withUnsafeBytes { bytes -> FetchError? in
        do throws(FetchError) {
          try output.write(UnsafeRawBufferPointer(rebasing: bytes[..<piece]))
          return nil
        } catch {
          return error
        }
      }
      if let fault { throw fault }
      left -= piece
    }
  }

  private func copy(
    _ links: [(path: EntryPath, target: EntryPath)], _ budget: inout Int
  ) throws(FetchError) {
    for (path, target) in links {
      let original = folder.appending(path: target.text)
      guard let size = FileManager.default.size(of: original) else {
        throw .unsafeEntry(
          archive: archive.path, entry: path.text,
          reason: "is a link to '\(target.text)', which is no file of the archive")
      }
      budget -= size
      guard budget >= 0 else { throw .tooLarge(archive: archive.path, limit: limits.bytes) }
      let place = folder.appending(path: path.text)
      try create(place.deletingLastPathComponent())
      try atFileSystem(place.path) {
        try FileManager.default.copyItem(at: original, to: place)
      }
    }
  }

  private func create(_ folder: URL) throws(FetchError) {
    try atFileSystem(folder.path) {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }
  }

  private func damaged<Value>(
    _ body: () throws(ArchiveReader.Damage) -> Value
  ) throws(FetchError) -> Value {
    do {
      return try body()
    } catch {
      throw .corrupt(path: archive.path, reason: error.reason, remedy: remedy)
    }
  }

  private func safe<Value>(
    _ entry: String, _ body: () throws(EntryPath.Refusal) -> Value
  ) throws(FetchError) -> Value {
    do {
      return try body()
    } catch {
      throw .unsafeEntry(archive: archive.path, entry: entry, reason: error.reason)
    }
  }
}
