import Foundation

/// Examples as bytes, one after the other: in memory while they are few, else in a mapped file.
struct PackedExamples: Sendable {
  private let bytes: Data
  /// Where each example ends.
  private let ends: [UInt64]

  fileprivate init(bytes: Data, ends: [UInt64]) {
    self.bytes = bytes
    self.ends = ends
  }

  var count: Int { ends.count }

  subscript(index: Int) -> Example {
    let start = index == 0 ? 0 : Int(ends[index - 1])
    return bytes.withUnsafeBytes { all in
      var reader = Reader(bytes: all, position: start)
      let source = reader.text()
      let target = reader.text()
      let group = reader.number() == 1 ? reader.text() : nil
      let accepted = reader.number()
      let references = accepted == 0 ? nil : (0..<accepted - 1).map { _ in reader.text() }
      return Example(source: source, target: target, references: references, group: group)
    }
  }

  private struct Reader {
    let bytes: UnsafeRawBufferPointer
    var position: Int

    mutating func number() -> Int {
      defer { position += 4 }
      return Int(bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self))
    }

    mutating func text() -> String {
      let count = number()
      defer { position += count }
      return String(
        decoding: UnsafeRawBufferPointer(rebasing: bytes[position..<position + count]),
        as: UTF8.self)
    }
  }
}

extension PackedExamples {
  /// Takes examples in one by one; beyond `limit` bytes they are put aside in a file that has no
  /// name, so that it is gone with the process, however that ends.
  struct Builder {
    private let directory: URL
    private let limit: Int
    private var buffer: [UInt8] = []
    private var ends: [UInt64] = []
    private var written = 0
    private var file: FileHandle?
    private var hasTried = false

    /// - Parameters:
    ///   - directory: where a file is put; if none can be, everything stays in memory.
    ///   - limit: the bytes that are kept in memory.
    init(in directory: URL, limit: Int = 16 << 20) {
      self.directory = directory
      self.limit = limit
    }

    mutating func append(_ example: Example) throws(DatasetError) {
      append(example.source)
      append(example.target)
      append(example.group == nil ? 0 : 1)
      if let group = example.group { append(group) }
      let isPlain = example.references.count == 1 && example.references[0] == example.target
      append(isPlain ? 0 : example.references.count + 1)
      if !isPlain { for reference in example.references { append(reference) } }
      ends.append(UInt64(written + buffer.count))
      if buffer.count >= limit { try putAside() }
    }

    mutating func finish() throws(DatasetError) -> PackedExamples {
      guard let file else { return PackedExamples(bytes: Data(buffer), ends: ends) }
      try putAside()
      let address = mmap(nil, written, PROT_READ, MAP_PRIVATE, file.fileDescriptor, 0)
      guard let address, address != MAP_FAILED else { throw fault(errno) }
      let bytes = Data(bytesNoCopy: address, count: written, deallocator: .unmap)
      return PackedExamples(bytes: bytes, ends: ends)
    }

    private mutating func append(_ number: Int) {
      withUnsafeBytes(of: UInt32(number)) { buffer.append(contentsOf: $0) }
    }

    private mutating func append(_ text: String) {
      append(text.utf8.count)
      buffer.append(contentsOf: text.utf8)
    }

    private mutating func putAside() throws(DatasetError) {
      if !hasTried { file = open() }
      hasTried = true
      guard let file else { return }
      do {
        try file.write(contentsOf: buffer)
      } catch {
        throw fault((error as? CocoaError)?.underlying as? POSIXError)
      }
      written += buffer.count
      buffer.removeAll(keepingCapacity: true)
    }

    private func open() -> FileHandle? {
      try? FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
      var path = Array(directory.appending(path: ".examples-XXXXXX").path.utf8CString)
      let descriptor = mkstemp(&path)
      guard descriptor >= 0 else { return nil }
      unlink(path)
      return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }

    private func fault(_ error: POSIXError?) -> DatasetError { fault(error?.code.rawValue ?? EIO) }

    private func fault(_ code: Int32) -> DatasetError {
      .unreadable(
        path: directory.path,
        reason:
          "examples cannot be put aside there (\(String(cString: strerror(code)))): free some "
          + "space, or choose another place with --home")
    }
  }
}
