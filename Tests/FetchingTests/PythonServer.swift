import Foundation

/// Python's `http.server` on a port of the system's choice; ends when it is stopped or the tests
/// are.
struct PythonServer {
  let base: String
  private let input: Pipe

  struct DidNotStart: Error {}

  static var isAvailable: Bool {
    let folders = ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":") ?? []
    return folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/python3") }
  }

  /// It serves until its standard input ends, so that no signal has to reach it.
  private static let program = """
    import functools, http.server, sys, threading
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=sys.argv[1])
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_port, flush=True)
    sys.stdin.read()
    """

  init(serving folder: URL) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-c", PythonServer.program, folder.path]
    let output = Pipe()
    input = Pipe()
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    guard let port = Int(line.trimmingCharacters(in: .whitespacesAndNewlines)) else {
      try? input.fileHandleForWriting.close()
      throw DidNotStart()
    }
    base = "http://127.0.0.1:\(port)"
  }

  func stop() { try? input.fileHandleForWriting.close() }
}
