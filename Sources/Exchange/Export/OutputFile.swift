import Foundation

/// A file that grows beside its place and is put there once it is whole.
final class OutputFile {
  private static let piece = 1 << 18

  let path: String
  private let partial: String
  private var descriptor: Int32
  private var buffer: [UInt8] = []

  /// - Throws: `exists` where the file is there and is not to be replaced.
  init(path: String, replacing: Bool) throws(ExchangeError) {
    self.path = path
    partial = path + ".partial"
    descriptor = -1
    try Self.prepare(path: path, replacing: replacing)
    descriptor = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Self.refusal(path) }
    buffer.reserveCapacity(Self.piece + 1024)
  }

  deinit {
    guard descriptor >= 0 else { return }
    close(descriptor)
    unlink(partial)
  }

  func write(_ text: String) throws(ExchangeError) {
    buffer.append(contentsOf: text.utf8)
    if buffer.count >= Self.piece { try flush() }
  }

  func write(_ bytes: [UInt8]) throws(ExchangeError) {
    buffer += bytes
    if buffer.count >= Self.piece { try flush() }
  }

  /// Puts the file in its place.
  func finish() throws(ExchangeError) {
    try flush()
    let isClosed = close(descriptor) == 0
    descriptor = -1
    guard isClosed, rename(partial, path) == 0 else {
      let refusal = Self.refusal(path)
      unlink(partial)
      throw refusal
    }
  }

  /// Makes the folder of a file, unless the file is there and is to stay.
  static func prepare(path: String, replacing: Bool) throws(ExchangeError) {
    if !replacing, access(path, F_OK) == 0 { throw .exists(path: path) }
    let folder = URL(filePath: path).deletingLastPathComponent()
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      let reason = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
      let text = reason.map { String(cString: strerror(Int32($0.code))) }
      throw .refused(
        path: folder.path, action: "made", reason: text ?? error.localizedDescription)
    }
  }

  static func refusal(_ path: String) -> ExchangeError {
    .refused(path: path, action: "written", reason: String(cString: strerror(errno)))
  }

  private func flush() throws(ExchangeError) {
    var done = 0
    while done < buffer.count {
      let count = buffer.withUnsafeBytes { bytes in
        Foundation.write(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Self.refusal(path) }
      done += count
    }
    buffer.removeAll(keepingCapacity: true)
  }
}
