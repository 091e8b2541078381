import Foundation

/// The Swift compiler that scripts are compiled with.
public struct SwiftCompiler: Sendable {
  /// A name looked up on the `PATH`, or a path.
  public var command: String
  /// What the compiler is started with; its `PATH` finds it.
  public var environment: [String: String]

  public init(command: String = "swiftc", environment: [String: String]) {
    self.command = command
    self.environment = environment
  }

  /// The first line of what the compiler says of itself: `Swift version 6.3.1 (…)`.
  ///
  /// - Throws: `ScriptError.compilerMissing`.
  public func version() async throws(ScriptError) -> String {
    let outcome = try await run(["--version"])
    let lines = String(decoding: outcome.output, as: UTF8.self).split(separator: "\n")
    guard outcome.ending == .exited(0), let first = lines.first(where: { $0.contains("version") })
    else { throw .compilerMissing(name: command) }
    return first.trimmingCharacters(in: .whitespaces)
  }

  func run(_ arguments: [String]) async throws(ScriptError) -> ChildProcess.Outcome {
    let process = ChildProcess(
      executable: command, arguments: arguments, environment: environment)
    do {
      return try await process.run()
    } catch {
      throw .compilerMissing(name: command)
    }
  }
}
