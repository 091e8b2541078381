import Foundation

/// A web server on the loopback address, with faults on request; a class because it owns a socket
/// and threads.
public final class TinyServer: @unchecked Sendable {  // Its lock guards what changes.
  public let port: UInt16
  private let listener: Int32
  private let lock = NSLock()
  private var pages: [String: ServedPage]
  private let others: @Sendable (ServedRequest) -> ServedPage?
  private var seen: [ServedRequest] = []

  /// The address without a slash at its end.
  public var base: String { "http://127.0.0.1:\(port)" }
  /// What was asked for so far, in the order it came in.
  public var requests: [ServedRequest] { lock.withLock { seen } }

  /// No port could be opened.
  public struct CannotListen: Error {}

  /// - Parameters:
  ///   - pages: by path, such as `/a/b.zip`.
  ///   - others: answers for all other paths; `nil` is a 404.
  public init(
    _ pages: [String: ServedPage],
    others: @escaping @Sendable (ServedRequest) -> ServedPage? = { _ in nil }
  ) throws {
    self.pages = pages
    self.others = others
    #if canImport(Darwin)
    let stream = SOCK_STREAM
    #else
    let stream = Int32(SOCK_STREAM.rawValue)
    #endif
    let listener = socket(AF_INET, stream, 0)
    self.listener = listener
    // A program that is started meanwhile does not keep the port.
    _ = fcntl(listener, F_SETFD, FD_CLOEXEC)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, size) == 0 && getsockname(listener, $0, &size) == 0
      }
    }
    guard bound, listen(listener, 64) == 0 else { throw CannotListen() }
    port = UInt16(bigEndian: address.sin_port)
    let thread = Thread { [listener, weak self] in
      while true {
        let connection = accept(listener, nil, nil)
        guard connection >= 0 else { return }
        _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
        guard let self else {
          close(connection)
          return
        }
        self.attend(connection)
      }
    }
    thread.start()
  }

  deinit {
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
  }

  /// Answers a path with another page from now on.
  public func replace(_ path: String, _ page: ServedPage) { lock.withLock { pages[path] = page } }

  /// Serves a connection on a thread of its own.
  private func attend(_ connection: Int32) {
    let thread = Thread { [weak self] in
      let connection = ServedConnection(connection)
      guard let request = connection.request(), let self else { return }
      connection.answer(request, with: self.page(for: request))
    }
    thread.start()
  }

  private func page(for request: ServedRequest) -> ServedPage? {
    lock.withLock {
      seen.append(request)
      guard var page = pages[request.path] ?? others(request) else { return nil }
      let answered = page
      if pages[request.path] != nil {
        if !page.failures.isEmpty {
          page.failures.removeFirst()
        } else if !page.cuts.isEmpty {
          page.cuts.removeFirst()
        }
        pages[request.path] = page
      }
      return answered
    }
  }
}
