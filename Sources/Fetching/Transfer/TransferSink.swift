/// Takes in one HTTP answer: a class because libcurl holds a pointer to it.
final class TransferSink {
  private(set) var header = ResponseHeader()
  private(set) var digest: FileDigest
  /// The fault that made the transfer stop, where it was ours.
  private(set) var fault: FetchError?

  private let output: OutputFile
  private let part: PartialFile
  private let offset: Int
  private var begun = false
  private let received: (Int, Int?) -> Void

  /// - Parameter digest: of the bytes that are in `part` already.
  init(
    output: OutputFile, part: PartialFile, digest: FileDigest,
    received: @escaping (Int, Int?) -> Void
  ) {
    self.output = output
    self.part = part
    self.digest = digest
    offset = digest.bytes
    self.received = received
  }

  /// Whether the answer carries the file or the rest of it, rather than an error page.
  var carriesFile: Bool { header.status == 200 || header.status == 206 }

  /// Whether the answer continues somewhere else than was asked for.
  var misplaced: Bool { header.status == 206 && header.rangeStart != offset }

  func readHeader(_ bytes: UnsafeRawBufferPointer) {
    header.read(String(decoding: bytes, as: UTF8.self))
  }

  /// Writes a piece of the body; `false` ends the transfer.
  func readBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard carriesFile else { return true }
    guard !misplaced else { return false }
    do throws(FetchError) {
      if !begun { try begin() }
      try output.write(bytes)
      digest.update(bytes)
      received(digest.bytes, header.length.map { $0 + (header.status == 206 ? offset : 0) })
      return true
    } catch {
      fault = error
      return false
    }
  }

  private func begin() throws(FetchError) {
    begun = true
    if header.status == 200, digest.bytes > 0 {
      // The server sends everything: it knows no ranges, or the file has changed.
      try output.restart()
      digest = FileDigest()
    }
    try part.record(validator: header.validator)
  }
}
