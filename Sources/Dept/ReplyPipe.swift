import Experiments
import Foundation

/// The way replies take: what was standard output when the process began.
///
/// From then on standard output is standard error, so that nothing an experiment prints can get
/// between the replies.
struct ReplyPipe {
  let descriptor: Int32

  init() {
    descriptor = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 10)
    dup2(STDERR_FILENO, STDOUT_FILENO)
  }

  /// Gives standard output back, for a worker that takes care of it by itself.
  func restoreStandardOutput() {
    fflush(nil)
    dup2(descriptor, STDOUT_FILENO)
    close(descriptor)
  }

  /// Writes `value` as one line of JSON with sorted keys.
  func send(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var line = try encoder.encode(value)
    line.append(0x0a)
    try write(line)
  }

  /// Writes a line as it is.
  func write(_ line: Data) throws {
    // What the experiment printed comes before the reply, not after the process is gone.
    fflush(nil)
    try FileHandle(fileDescriptor: descriptor, closeOnDealloc: false).write(contentsOf: line)
  }
}
