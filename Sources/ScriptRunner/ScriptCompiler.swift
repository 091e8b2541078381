import Foundation

/// Compiles an experiment's file once per content.
public struct ScriptCompiler: Sendable {
  public var sdk: ScriptSDK
  public var compiler: SwiftCompiler
  /// The folder that holds `scripts/`.
  public var home: String
  public var style = DiagnosticStyle.plain

  public init(sdk: ScriptSDK, compiler: SwiftCompiler, home: String) {
    self.sdk = sdk
    self.compiler = compiler
    self.home = home
  }

  /// The flags of every script; a change here compiles every script anew.
  private static let flags = [
    "-parse-as-library", "-swift-version", "6", "-Onone", "-g", "-whole-module-optimization",
  ]

  /// The executable of the experiment at `path`: compiled now, or found compiled.
  ///
  /// Nothing but the file is read when it is found. Two processes may compile the same file at the
  /// same time; the folder of the first to finish is the one that is used.
  ///
  /// - Parameter path: as the user wrote it: diagnostics and issues name the file so.
  /// - Throws: `ScriptError`.
  public func compile(_ path: String) async throws(ScriptError) -> CompiledScript {
    let source = try Self.read(path)
    let stem = URL(filePath: path).deletingPathExtension().lastPathComponent
    let module = Self.moduleName(stem)
    let main = entryPoint
    let folder = "\(home)/scripts/\(key(of: source, at: path, main: main))"
    var digest = ContentDigest()
    digest.add("source", source)
    let script = CompiledScript(
      path: path, name: stem, executable: "\(folder)/\(module)", source: digest.finish(), sdk: sdk)
    if FileManager.default.isExecutableFile(atPath: script.executable) { return script }

    let version = try await compiler.version()
    guard version == sdk.compiler else {
      throw .compilerMismatch(library: sdk.compiler, found: version)
    }
    let draft = "\(home)/scripts/draft-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: draft) }
    let mainPath = "\(draft)/EntryPoint.swift"
    try writing(draft) {
      try FileManager.default.createDirectory(atPath: draft, withIntermediateDirectories: true)
      try Data(main.utf8).write(to: URL(filePath: mainPath))
    }
    let arguments =
      [path, mainPath] + Self.flags + style.arguments
      + ["-module-name", module, "-module-cache-path", moduleCache]
      + sdk.compilerArguments + ["-o", "\(draft)/\(module)"]
    let outcome = try await compiler.run(arguments)
    guard outcome.ending == .exited(0) else {
      let said = String(decoding: outcome.output, as: UTF8.self) + outcome.errorText
      throw Self.rejection(of: source, at: path, diagnostics: said)
    }
    guard try Self.read(path) == source else {
      throw .unreadable(path: path, reason: "it was changed while it was compiled; try again")
    }
    try writing(folder) {
      do {
        try FileManager.default.moveItem(atPath: draft, toPath: folder)
      } catch  where FileManager.default.isExecutableFile(atPath: script.executable) {
        // Another process was first.
      }
    }
    return script
  }

  /// What is compiled beside the experiment: an entry point that knows what it was compiled against
  /// and shadows the library's own.
  private var entryPoint: String {
    """
    import Dept

    extension Experiment {
      static func main() async {
        await ScriptMain.run(
          Self.self, compiledAgainst: \(sdk.manifest.library.map { "\"\($0)\"" } ?? "nil"))
      }
    }

    """
  }

  /// Named for the home: what is in it holds for this path only, and a home may be moved or copied.
  private var moduleCache: String {
    var digest = ContentDigest()
    digest.add("home", home)
    return "\(home)/scripts/modules-\(digest.finish().prefix(12))"
  }

  private func key(of source: Data, at path: String, main: String) -> String {
    var digest = ContentDigest()
    digest.add("source", source)
    digest.add("path", path)
    digest.add("main", main)
    digest.add("sdk", sdk.build)
    digest.add("sdk folder", sdk.directory)
    digest.add("compiler", sdk.compiler)
    digest.add("flags", Self.flags.joined(separator: "\n"))
    return digest.finish()
  }

  private static func read(_ path: String) throws(ScriptError) -> Data {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
      throw .notFound(path: path)
    }
    guard !isDirectory.boolValue else {
      throw .unreadable(path: path, reason: "it is a folder; name a file in it")
    }
    do {
      return try Data(contentsOf: URL(filePath: path))
    } catch {
      throw .unreadable(path: path, reason: error.localizedDescription)
    }
  }

  /// A module name made of a file's name; it differs from every module the script imports.
  static func moduleName(_ stem: String) -> String {
    let letters = stem.unicodeScalars.map { scalar in
      scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
        ? Character(scalar) : "_"
    }
    return "Experiment_" + String(letters)
  }

  /// The one thing that is wrong with the file as a whole, or the compiler's own words.
  private static func rejection(
    of source: Data, at path: String, diagnostics: String
  ) -> ScriptError {
    if diagnostics.contains("are not allowed at the top level") {
      return .topLevelCode(path: path, diagnostics: diagnostics)
    }
    // The words of gold and ld, lld, and Apple's linker.
    let withoutMain = [
      "undefined reference to 'main'", "undefined reference to `main'", "undefined symbol: main",
      "\"_main\", referenced from",
    ]
    if withoutMain.contains(where: diagnostics.contains) { return .noExperiment(path: path) }
    return .compilationFailed(path: path, diagnostics: diagnostics)
  }

  private func writing(_ path: String, _ body: () throws -> Void) throws(ScriptError) {
    do {
      try body()
    } catch {
      throw .unwritable(path: path, reason: error.localizedDescription)
    }
  }
}
