import Experiments
import Foundation

/// Copies one build of the library to where it stays as it is.
struct SDKStaging {
  let build: BuildFolder
  /// The folder that holds `sdk/`.
  let home: String

  /// What was staged last from a build folder, to notice without reading everything that nothing
  /// changed since.
  private struct Stamp: Codable, Equatable {
    struct File: Codable, Equatable {
      var path: String
      var size: Int
      var inode: Int
      var modified: Double
    }
    var files: [File]
    var generated: [String: String]
    var build: String
  }

  /// The SDK of the build folder's present content: staged now, or found staged.
  func stage(with compiler: SwiftCompiler) async throws(ScriptError) -> ScriptSDK {
    var stamp = Stamp(
      files: build.sources.map(\.path).map(Self.stat), generated: build.generated, build: "")
    if let last = lastStamp, last.files == stamp.files, last.generated == stamp.generated,
      let sdk = ScriptSDK(directory: folder(of: last.build))
    {
      return sdk
    }
    let version = try await compiler.version()
    let path = home
    do {
      let sdk = try copy(compiler: version)
      stamp.build = sdk.build
      try JSONEncoder().encode(stamp).write(to: URL(filePath: stampPath), options: .atomic)
      return sdk
    } catch {
      throw .unwritable(path: path, reason: error.localizedDescription)
    }
  }

  /// The builds that build folders were staged as last.
  static func stagedBuilds(home: String) -> Set<String> {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(home)/sdk")) ?? []
    let stamps = names.filter { $0.hasSuffix(".stamp") }.compactMap { name in
      try? JSONDecoder().decode(
        Stamp.self, from: Data(contentsOf: URL(filePath: "\(home)/sdk/\(name)")))
    }
    return Set(stamps.map(\.build))
  }

  private func folder(of build: String) -> String { "\(home)/sdk/\(build)" }

  private var stampPath: String {
    var digest = ContentDigest()
    digest.add("build folder", build.directory)
    return "\(home)/sdk/\(digest.finish()).stamp"
  }

  private var lastStamp: Stamp? {
    guard let data = try? Data(contentsOf: URL(filePath: stampPath)) else { return nil }
    return try? JSONDecoder().decode(Stamp.self, from: data)
  }

  private func copy(compiler: String) throws -> ScriptSDK {
    let files = FileManager.default
    let draft = "\(home)/sdk/draft-\(UUID().uuidString)"
    try files.createDirectory(atPath: draft, withIntermediateDirectories: true)
    defer { try? files.removeItem(atPath: draft) }
    var digest = ContentDigest()
    func write(_ name: String, _ content: Data) throws {
      let path = URL(filePath: "\(draft)/\(name)")
      try files.createDirectory(
        at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
      try content.write(to: path)
      digest.add(name, content)
    }
    for source in build.sources {
      try write(source.name, try Data(contentsOf: URL(filePath: source.path)))
    }
    for (name, content) in build.generated.sorted(by: { $0.key < $1.key }) {
      try write(name, Data(content.utf8))
    }
    digest.add("compiler", compiler)
    let manifest = ScriptSDK.Manifest(
      build: digest.finish(),
      library: LibraryBuildID.ofFile(at: "\(draft)/lib/\(ScriptSDK.libraryName)"),
      compiler: compiler, cModules: build.cModules)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    try encoder.encode(manifest).write(to: URL(filePath: "\(draft)/sdk.json"))
    let destination = folder(of: manifest.build)
    // Whoever renames first wins; the content is the same.
    if !files.fileExists(atPath: destination) {
      do {
        try files.moveItem(atPath: draft, toPath: destination)
      } catch  where files.fileExists(atPath: destination) {}
    }
    guard let sdk = ScriptSDK(directory: destination) else {
      throw CocoaError(.fileReadCorruptFile)
    }
    return sdk
  }

  private static func stat(_ path: String) -> Stamp.File {
    let values = (try? FileManager.default.attributesOfItem(atPath: path)) ?? [:]
    return Stamp.File(
      path: path, size: values[.size] as? Int ?? -1,
      inode: values[.systemFileNumber] as? Int ?? -1,
      modified: (values[.modificationDate] as? Date)?.timeIntervalSince1970 ?? -1)
  }
}
