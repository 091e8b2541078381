import ScriptRunner

extension HealthCheck {
  /// The Swift compiler that experiments are compiled with.
  static func compiler(_ surroundings: Surroundings) async -> HealthCheck {
    do {
      return .well("compiler", try await surroundings.swiftCompiler.version())
    } catch {
      return .problem(
        "compiler", "no Swift compiler", remedy: "experiments in Swift cannot run: \(error)")
    }
  }

  /// The library that experiments are compiled against, and whether the compiler built it.
  static func library(_ surroundings: Surroundings) async -> HealthCheck {
    do {
      let sdk = try await surroundings.scriptCompiler().sdk
      let version = try await surroundings.swiftCompiler.version()
      guard version == sdk.compiler else {
        return .problem(
          "library", "build \(sdk.build.prefix(12))",
          remedy: "\(ScriptError.compilerMismatch(library: sdk.compiler, found: version))")
      }
      return .well("library", "build \(sdk.build.prefix(12)) in \(sdk.directory)")
    } catch {
      return .problem(
        "library", "experiments have nothing to be compiled against", remedy: "\(error)")
    }
  }
}
