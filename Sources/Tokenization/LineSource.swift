/// Lines of text for the C interface, each valid until the next; a class because C holds on to it.
final class LineSource {
  private let nextLine: () -> String?
  /// Whether there was nothing but empty lines so far.
  private(set) var isEmpty = true
  private var current = UnsafeMutableBufferPointer<CChar>.allocate(capacity: 0)

  init(_ lines: some Sequence<String>) {
    var iterator = lines.makeIterator()
    nextLine = { iterator.next() }
  }

  deinit { current.deallocate() }

  /// The bytes of the next line that is not empty, or nil at the end.
  func next() -> UnsafeMutableBufferPointer<CChar>? {
    while let line = nextLine() {
      let bytes = line.utf8
      if bytes.isEmpty { continue }
      isEmpty = false
      current.deallocate()
      current = .allocate(capacity: bytes.count)
      _ = current.initialize(from: bytes.lazy.map { CChar(bitPattern: $0) })
      return current
    }
    return nil
  }
}
