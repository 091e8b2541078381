import Foundation

@testable import ScriptRunner

/// A temporary home in which tests write, compile and ask scripts, with the library that was built
/// along with the tests.
struct ScriptWorkshop {
  /// The folder of one test's scripts.
  let directory: URL
  /// Where libraries and compiled scripts go: one for all tests, but for those that change it.
  let home: String
  /// A home of all tests of this process.
  private static let sharedHome = FileManager.default.temporaryDirectory
    .appending(path: "dept-scripts-home-\(ProcessInfo.processInfo.processIdentifier)").path

  static let environment = ProcessInfo.processInfo.environment
  static let compiler = SwiftCompiler(environment: environment)

  /// The folder that the tests, and the script library, were built into.
  static let buildFolder: String? = {
    let executable =
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
      ?? CommandLine.arguments[0]
    let candidates = [executable] + CommandLine.arguments
    for candidate in candidates {
      var folder = URL(filePath: candidate).deletingLastPathComponent()
      for _ in 0..<4 {
        let library = folder.appending(path: ScriptSDK.libraryName).path
        if FileManager.default.fileExists(atPath: library) { return folder.path }
        folder.deleteLastPathComponent()
      }
    }
    return nil
  }()

  static var isPossible: Bool { buildFolder != nil }

  init(sharesHome: Bool = true) throws {
    directory = FileManager.default.temporaryDirectory
      .appending(path: "dept-scripts-\(UUID().uuidString)")
    home = sharesHome ? Self.sharedHome : directory.appending(path: "home").path
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
  }

  func remove() { try? FileManager.default.removeItem(at: directory) }

  /// The SDK of the build folder, staged into this workshop's home.
  func sdk(from folder: String? = ScriptWorkshop.buildFolder) async throws -> ScriptSDK {
    try await ScriptSDK.locate(
      for: "\(folder ?? "/nowhere")/dept", home: home, compiler: Self.compiler)
  }

  /// Writes a script and returns its path.
  func write(_ source: String, named name: String = "sweep.swift") throws -> String {
    let path = directory.appending(path: name)
    try Data(source.utf8).write(to: path)
    return path.path
  }

  func compile(_ path: String) async throws -> CompiledScript {
    try await ScriptCompiler(sdk: try await sdk(), compiler: Self.compiler, home: home)
      .compile(path)
  }

  /// A script whose plan is `body`.
  static func experiment(_ body: String, others: String = "") -> String {
    """
    import Dept
    \(others)
    @main struct Sweep: Experiment {
      var plan: Plan {
        \(body)
      }
    }
    """
  }

  /// One quick run, for scripts that are about something else.
  static let oneRun = "Run(PromptTuning(length: 4), on: .rte, with: .nano).steps(10)"
}
