import Foundation

/// The `git` on the `PATH`, asked about a folder: it changes nothing, and is not waited for long.
struct GitProgram {
  /// Where it is asked.
  let folder: String
  /// Seconds that an answer may take.
  var patience = 2.0

  /// What git said.
  struct Answer {
    var output: [UInt8]
    /// Whether all of it is there: it came in time and was not too long.
    var isWhole: Bool

    /// As text, without the line feed at its end.
    var text: String {
      String(decoding: output, as: UTF8.self).trimmingCharacters(in: .newlines)
    }
    /// As names that zeros end.
    var names: [String] {
      output.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    }
  }

  /// What git prints; `nil` where it fails or is missing.
  ///
  /// - Parameter limit: bytes after which it is ended.
  func ask(_ arguments: String..., limit: Int = 1 << 20) -> Answer? {
    let git = Process()
    git.executableURL = URL(filePath: "/usr/bin/env")
    // Nothing that a repository's own settings name is started.
    git.arguments = ["git", "-C", folder, "-c", "core.fsmonitor=false"] + arguments
    git.environment = ProcessInfo.processInfo.environment.merging([
      "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C",
    ]) { $1 }
    let pipe = Pipe()
    git.standardOutput = pipe
    git.standardError = FileHandle.nullDevice
    git.standardInput = FileHandle.nullDevice
    guard (try? git.run()) != nil else { return nil }
    var answer = Answer(output: [], isWhole: false)
    read(pipe.fileHandleForReading.fileDescriptor, into: &answer, limit: limit)
    if !answer.isWhole { kill(git.processIdentifier, SIGKILL) }
    git.waitUntilExit()
    return answer.isWhole && git.terminationStatus != 0 ? nil : answer
  }

  private func read(_ descriptor: Int32, into answer: inout Answer, limit: Int) {
    let deadline = Date(timeIntervalSinceNow: patience)
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while answer.output.count <= limit {
      var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let left = deadline.timeIntervalSinceNow
      guard left > 0, poll(&wait, 1, Int32(1000 * left) + 1) > 0 else { return }
      let count = Foundation.read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        answer.isWhole = count == 0
        return
      }
      answer.output += buffer[..<count]
    }
  }
}
