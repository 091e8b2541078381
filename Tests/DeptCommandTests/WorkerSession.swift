import Experiments
import Foundation

/// `dept worker` as a scheduler has it: orders go in one by one, replies come out.
///
/// A class because it owns the process.
final class WorkerSession {
  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()
  private var received: [UInt8] = []

  /// Starts a worker.
  init() throws {
    process.executableURL = URL(filePath: DeptProcess.executable ?? "/nowhere")
    process.arguments = ["worker"]
    process.standardInput = input
    process.standardOutput = output
    // Processes that other tests start must not keep these open: no end would ever come.
    for end in [
      input.fileHandleForReading, input.fileHandleForWriting, output.fileHandleForReading,
      output.fileHandleForWriting,
    ] { _ = fcntl(end.fileDescriptor, F_SETFD, FD_CLOEXEC) }
    try process.run()
  }

  deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

  func send(_ order: WorkOrder) throws {
    try input.fileHandleForWriting.write(contentsOf: JSONEncoder().encode(order) + Data("\n".utf8))
  }

  /// The next reply; `nil` where the worker ends without one.
  func reply() throws -> WorkReply? {
    while true {
      if let end = received.firstIndex(of: 0x0a) {
        let line = Data(received[..<end])
        received.removeSubrange(...end)
        return try JSONDecoder().decode(WorkReply.self, from: line)
      }
      // Not `read(upToCount:)`, which waits until there are so many bytes or an end.
      let more = output.fileHandleForReading.availableData
      guard !more.isEmpty else { return nil }
      received += more
    }
  }

  func signal(_ number: Int32) { kill(process.processIdentifier, number) }

  /// Closes the input and waits for the end; the exit code.
  func end() throws -> Int32 {
    try input.fileHandleForWriting.close()
    process.waitUntilExit()
    return process.terminationStatus
  }
}
