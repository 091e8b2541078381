import Subprocess
import SystemPackage

/// A process that is run to its end: what it wrote, how it ended, within a time limit.
struct ChildProcess: Sendable {
  var executable: String
  var arguments: [String]
  var environment: [String: String]
  /// What it reads.
  var input: [UInt8] = []
  /// The wall-clock limit; `nil`: none.
  var limit: Duration?

  /// How a process ended.
  enum Ending: Hashable, Sendable {
    case exited(Int32)
    case signalled(Int32)
    case timedOut
  }

  struct Outcome: Sendable {
    var ending: Ending
    var output: [UInt8]
    /// The end of what it wrote to standard error, as text.
    var errorText: String
  }

  /// At most so much of standard error is kept, its end.
  static let keptErrorBytes = 1 << 20

  /// Runs it. Cancelling the task ends the process.
  ///
  /// - Throws: `SubprocessError` when it cannot be started.
  func run() async throws -> Outcome {
    try await withThrowingTaskGroup(of: Outcome?.self) { group in
      group.addTask { try await runToEnd() }
      if let limit {
        group.addTask {
          try await Task.sleep(for: limit)
          return nil
        }
      }
      defer { group.cancelAll() }
      guard let first = try await group.next(), let outcome = first else {
        return Outcome(ending: .timedOut, output: [], errorText: "")
      }
      return outcome
    }
  }

  private func runToEnd() async throws -> Outcome {
    var options = PlatformOptions()
    options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .milliseconds(500))]
    let keys = environment.map { (Environment.Key(rawValue: $0.key), $0.value) }
    let variables = Dictionary(
      keys.compactMap { key, value in key.map { ($0, value) } }, uniquingKeysWith: { $1 })
    let isPath = executable.contains("/")
    let result = try await Subprocess.run(
      isPath ? .path(FilePath(executable)) : .name(executable), arguments: Arguments(arguments),
      environment: .custom(variables), platformOptions: options, input: .array(input),
      output: .sequence, error: .sequence
    ) { execution in
      async let output = Self.collect(execution.standardOutput, keeping: .max)
      async let errors = Self.collect(execution.standardError, keeping: Self.keptErrorBytes)
      return try await (output, errors)
    }
    let (output, errors) = result.closureResult
    let ending: Ending =
      switch result.terminationStatus {
      case .exited(let code): .exited(code)
      case .signaled(let signal): .signalled(signal)
      }
    return Outcome(
      ending: ending, output: output, errorText: String(decoding: errors, as: UTF8.self))
  }

  private static func collect(_ stream: SubprocessOutputSequence, keeping limit: Int) async throws
    -> [UInt8]
  {
    var bytes: [UInt8] = []
    for try await buffer in stream {
      buffer.withUnsafeBytes { bytes.append(contentsOf: $0) }
      if bytes.count / 2 > limit { bytes.removeFirst(bytes.count - limit) }
    }
    return bytes
  }
}
