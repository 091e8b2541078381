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
  /// The folder in which Hugging Face's own programs keep repositories, where there is one.
  let huggingFaceHub: URL?
  /// The file of certificates of those who vouch for servers, where the user names one.
  let certificateFile: String?
  /// The folder of such certificates.
  let certificateFolder: String?
  /// Where the hashes of fetched files are kept.
  let dataLock: URL
  /// How much fetched data may take, as written.
  let quota: String?
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
  /// The folder of what is kept only because making it again takes time.
  var cachesDirectory: URL { home.appendingPathComponent("cache") }
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
    let home = URL(
      fileURLWithPath: home ?? environment["DEPT_HOME"] ?? Self.defaultHome, isDirectory: true)
    return Surroundings(
      home: home,
      mirror: environment["DEPT_MIRROR"].flatMap { $0.isEmpty ? nil : $0 },
      offline: environment["DEPT_OFFLINE"] == "1",
      threads: threads.flatMap { $0 > 0 ? $0 : nil }
        ?? ProcessInfo.processInfo.activeProcessorCount,
      memory: environment["DEPT_MEMORY"],
      huggingFaceEndpoint: environment["HF_ENDPOINT"],
      huggingFaceToken: environment["HF_TOKEN"], huggingFaceHub: Self.hub(environment),
      certificateFile: environment["CURL_CA_BUNDLE"] ?? environment["SSL_CERT_FILE"],
      certificateFolder: environment["SSL_CERT_DIR"],
      dataLock: Self.dataLock(environment, home: home),
      quota: environment["DEPT_QUOTA"].flatMap { $0.isEmpty ? nil : $0 },
      drawsProgress: isatty(STDERR_FILENO) == 1 && !colourless,
      usesColour: isatty(STDOUT_FILENO) == 1 && !colourless, environment: environment)
  }

  /// `.dept` beside the nearest `Package.swift` upward, or in the current directory.
  private static var defaultHome: String {
    let current = URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
    return (package ?? current).appendingPathComponent(".dept").path
  }

  /// The folder of the nearest `Package.swift` upward of the current directory.
  private static var package: URL? {
    var folder = URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
    while folder.path != "/" {
      let manifest = folder.appendingPathComponent("Package.swift").path
      if FileManager.default.fileExists(atPath: manifest) { return folder }
      folder.deleteLastPathComponent()
    }
    return nil
  }

  /// Beside the experiments of a package, so that git keeps it; else in the home folder.
  private static func dataLock(_ environment: [String: String], home: URL) -> URL {
    if let path = environment["DEPT_LOCK"], !path.isEmpty { return URL(fileURLWithPath: path) }
    var isFolder: ObjCBool = false
    if let experiments = package?.appendingPathComponent("experiments"),
      FileManager.default.fileExists(atPath: experiments.path, isDirectory: &isFolder),
      isFolder.boolValue
    {
      return experiments.appendingPathComponent("data.lock")
    }
    return home.appendingPathComponent("data.lock")
  }

  /// As Hugging Face's programs find it.
  private static func hub(_ environment: [String: String]) -> URL? {
    func named(_ name: String) -> URL? {
      environment[name].flatMap {
        $0.isEmpty ? nil : URL(fileURLWithPath: ($0 as NSString).expandingTildeInPath)
      }
    }
    let caches =
      named("XDG_CACHE_HOME")
      ?? FileManager.default.homeDirectoryForCurrentUser.appendingPathComponent(".cache")
    let hub =
      named("HF_HUB_CACHE") ?? named("HF_HOME")?.appendingPathComponent("hub")
      ?? caches.appendingPathComponent("huggingface/hub")
    return FileManager.default.fileExists(atPath: hub.path) ? hub : nil
  }
}
