import ArgumentParser
import Foundation
import TensorEngine

/// What the process finds around it: the only place that reads the environment.
struct Surroundings {
  /// The folder of the store, runs and caches.
  let home: URL
  /// Where `https://HOST/PATH` is read from instead.
  let mirror: String?
  /// Whether connections are forbidden.
  let offline: Bool
  /// Worker threads of the engine.
  let threads: Int
  /// The most memory a run may have for itself, as written.
  let memory: String?
  let huggingFaceEndpoint: String?
  let huggingFaceToken: String?
  /// Whether standard error is a terminal that may be drawn on.
  let drawsProgress: Bool
  /// Whether colour is welcome on standard output.
  let usesColour: Bool
  /// Every variable, for the programs that are started.
  let environment: [String: String]

  /// The folder under which fetched data sets lie, one folder each.
  var dataDirectory: URL { home.appendingPathComponent("data") }
  /// The folder under which fetched backbones lie, one folder each.
  var backbonesDirectory: URL { home.appendingPathComponent("backbones") }
}

/// The options every command shares.
struct SurroundingsOptions: ParsableArguments {
  @Option(help: "The folder of the store, runs and caches (default: DEPT_HOME, or .dept).")
  var home: String?

  /// The surroundings these options and the environment describe.
  func surroundings() -> Surroundings {
    let environment = ProcessInfo.processInfo.environment
    let threads = environment["DEPT_THREADS"].flatMap { Int($0) }
    let colourless = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
    return Surroundings(
      home: URL(
        fileURLWithPath: home ?? environment["DEPT_HOME"] ?? Self.defaultHome, isDirectory: true),
      mirror: environment["DEPT_MIRROR"].flatMap { $0.isEmpty ? nil : $0 },
      offline: environment["DEPT_OFFLINE"] == "1",
      threads: threads.flatMap { $0 > 0 ? $0 : nil }
        ?? ProcessInfo.processInfo.activeProcessorCount,
      memory: environment["DEPT_MEMORY"],
      huggingFaceEndpoint: environment["HF_ENDPOINT"],
      huggingFaceToken: environment["HF_TOKEN"],
      drawsProgress: isatty(STDERR_FILENO) == 1 && !colourless,
      usesColour: isatty(STDOUT_FILENO) == 1 && !colourless, environment: environment)
  }

  /// `.dept` beside the nearest `Package.swift` upward, or in the current directory.
  private static var defaultHome: String {
    let current = URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
    var folder = current
    while folder.path != "/" {
      let manifest = folder.appendingPathComponent("Package.swift").path
      if FileManager.default.fileExists(atPath: manifest) {
        return folder.appendingPathComponent(".dept").path
      }
      folder.deleteLastPathComponent()
    }
    return current.appendingPathComponent(".dept").path
  }
}
