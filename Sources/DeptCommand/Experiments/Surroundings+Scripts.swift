import Foundation
import ScriptRunner

extension Surroundings {
  /// The compiler on the `PATH`.
  var swiftCompiler: SwiftCompiler { SwiftCompiler(environment: environment) }

  /// The path of this program, symbolic links resolved.
  static var executable: String {
    if let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") {
      return path
    }
    return Bundle.main.executableURL?.resolvingSymlinksInPath().path ?? CommandLine.arguments[0]
  }

  /// A compiler of experiments against the library that belongs to this program.
  ///
  /// - Throws: `ScriptError`.
  func scriptCompiler() async throws(ScriptError) -> ScriptCompiler {
    let sdk = try await ScriptSDK.locate(
      for: Self.executable, home: home.path, compiler: swiftCompiler)
    var compiler = ScriptCompiler(sdk: sdk, compiler: swiftCompiler, home: home.path)
    compiler.style = isatty(STDERR_FILENO) == 1 ? .terminal : .plain
    return compiler
  }
}
