import Foundation

/// Examples as bytes, one after the other: in memory while they are few, else in a file.
struct PackedExamples: Sendable {
  private enum Place: Sendable {
    case memory([UInt8])
    case file(NamelessFile)
  }

  private let place: Place
  /// Where each example ends.
  private let ends: [UInt64]

  private init(_ place: Place, ends: [UInt64]) {
    self.place = place
    self.ends = ends
  }

  var count: Int { ends.count }

  subscript(index: Int) -> Example {
    let start = index == 0 ? 0 : Int(ends[index - 1])
    switch place {
    case .memory(let bytes):
      return bytes.withUnsafeBytes { example(Reader(bytes: $0, position: start)) }
    case .file(let file):
      let bytes = file.bytes(start..<Int(ends[index]))
      return bytes.withUnsafeBytes { example(Reader(bytes: $0, position: 0)) }
    }
  }

  private func example(_ start: Reader) -> Example {
    var reader = start
    let source = reader.text()
    let target = reader.text()
    let group = reader.number() == 1 ? reader.text() : nil
    let accepted = reader.number()
    let references = accepted == 0 ? nil : (0..<accepted - 1).map { _ in reader.text() }
    return Example(source: source, target: target, references: references, group: group)
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
  /// Takes examples in one by one; beyond `limit` bytes they are put aside in a file.
  struct Builder {
    private let directory: URL
    private let limit: Int
    private var buffer: [UInt8] = []
    private var ends: [UInt64] = []
    private var written = 0
    private var file: NamelessFile?
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
      guard let file else { return PackedExamples(.memory(buffer), ends: ends) }
      try putAside()
      return PackedExamples(.file(file), ends: ends)
    }

    private mutating func append(_ number: Int) {
      withUnsafeBytes(of: UInt32(number)) { buffer.append(contentsOf: $0) }
    }

    private mutating func append(_ text: String) {
      append(text.utf8.count)
      buffer.append(contentsOf: text.utf8)
    }

    private mutating func putAside() throws(DatasetError) {
      if !hasTried { file = NamelessFile(in: directory) }
      hasTried = true
      guard let file else { return }
      if let code = file.append(buffer) {
        throw .unreadable(
          path: directory.path,
          reason: "examples cannot be put aside there (\(String(cString: strerror(code)))): free "
            + "some space, or choose another place with --home")
      }
      written += buffer.count
      buffer.removeAll(keepingCapacity: true)
    }
  }
}
