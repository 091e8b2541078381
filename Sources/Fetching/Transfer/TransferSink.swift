/// Takes in one HTTP answer: a class because libcurl holds a pointer to it.
final class TransferSink {
  private(set) var header = ResponseHeader()
  private(set) var digest: FileDigest
  /// The fault that made the transfer stop, where it was ours.
  private(set) var fault: FetchError?
  /// Whether a page for people came in place of the file.
  private(set) var isWebPage = false

  /// What the sink needs to know of the download it serves.
  struct Purpose {
    /// Whether a page is what is wanted.
    var wantsPage = false
    /// Asked with the bytes that are still to come, before they do.
    var claim: (Int) throws(FetchError) -> Void = { _ in }
    /// Told how many bytes of how many are here.
    var received: (Int, Int?) -> Void = { _, _ in }
  }

  private let output: OutputFile
  private let part: PartialFile
  private let offset: Int
  private let purpose: Purpose
  private var begun = false
  /// The first bytes of the file, until they tell what it is.
  private var start: [UInt8] = []

  /// - Parameter digest: of the bytes that are in `part` already.
  init(output: OutputFile, part: PartialFile, digest: FileDigest, purpose: Purpose) {
    self.output = output
    self.part = part
    self.digest = digest
    offset = digest.bytes
    self.purpose = purpose
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
    if !begun, !purpose.wantsPage, WebPage.isType(header.contentType) { isWebPage = true }
    do throws(FetchError) {
      if !begun, !isWebPage { try begin() }
      look(at: bytes)
      guard !isWebPage else { return false }
      try output.write(bytes)
      digest.update(bytes)
      purpose.received(
        digest.bytes, header.length.map { $0 + (header.status == 206 ? offset : 0) })
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
    if let length = header.length { try purpose.claim(length) }
    try part.record(validator: header.validator)
  }

  private func look(at bytes: UnsafeRawBufferPointer) {
    guard !purpose.wantsPage, !isWebPage, digest.bytes < WebPage.sample,
      digest.bytes == start.count
    else { return }
    start += bytes.prefix(WebPage.sample)
    isWebPage = WebPage.isStart(start)
  }
}
