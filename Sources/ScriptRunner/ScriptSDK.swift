import Foundation

/// What scripts are compiled against and linked with: one build of the library, never changed.
///
/// A folder with `Modules/*.swiftmodule`, `include/<C module>/`, `lib/libDeptScript.so` and
/// `sdk.json`, named by the hash of its content.
public struct ScriptSDK: Hashable, Sendable {
  /// What `sdk.json` says.
  struct Manifest: Hashable, Sendable, Codable {
    /// The version of this layout.
    static let currentFormat = 1
    var format = Manifest.currentFormat
    /// The hash of everything in the folder but this file.
    var build: String
    /// The identity the linker gave the library; `nil` where it gives none.
    var library: String?
    /// The compiler that built it, in its own words.
    var compiler: String
    /// The C modules that the Swift modules need, in alphabetical order.
    var cModules: [String]
  }

  /// The Swift modules that `import Dept` needs, itself included.
  static let swiftModules = [
    "Backbones", "Checkpoints", "Datasets", "Dept", "Documents", "Evaluation", "Experiments",
    "NeuralNetworks", "Reports", "Spelling", "TensorEngine", "Tokenization", "Training",
    "TuningMethods", "Workers",
  ]
  /// The C modules that those need; the ones of the system libraries come with header and link
  /// flag.
  static let cModules = ["COpenBLAS", "CSentencePiece", "Kernels"]
  /// The file name of the library.
  static let libraryName = "libDeptScript.so"

  /// The folder.
  public let directory: String
  let manifest: Manifest

  /// The identity of this build: a hash of its content.
  public var build: String { manifest.build }
  /// The compiler that built it, in its own words.
  public var compiler: String { manifest.compiler }
  /// The library that scripts load.
  public var libraryPath: String { "\(directory)/lib/\(Self.libraryName)" }

  /// The SDK in `directory`, as it is; `nil` where there is none.
  init?(directory: String) {
    guard let data = try? Data(contentsOf: URL(filePath: "\(directory)/sdk.json")),
      let manifest = try? JSONDecoder().decode(Manifest.self, from: data),
      manifest.format == Manifest.currentFormat
    else { return nil }
    self.directory = directory
    self.manifest = manifest
  }

  /// The flags that make `import Dept` and linking with it work.
  var compilerArguments: [String] {
    let includes = manifest.cModules.flatMap { ["-I", "\(directory)/include/\($0)"] }
    return ["-I", "\(directory)/Modules"] + includes + [
      "-L", "\(directory)/lib", "-lDeptScript", "-Xlinker", "-rpath", "-Xlinker",
      "\(directory)/lib",
    ]
  }

  /// The SDK that belongs to the executable `dept`.
  ///
  /// Installed, it lies in `../lib/dept/sdk` beside the executable's folder. In a build folder the
  /// library and modules lie beside the executable, and are staged into `home` first: the next
  /// build would change a build folder under compiled scripts.
  ///
  /// - Parameters:
  ///   - executable: the path of `dept`, symbolic links resolved.
  ///   - home: the folder that staged SDKs go to.
  /// - Throws: `ScriptError.sdkMissing`, `.compilerMissing` or `.unwritable`.
  public static func locate(
    for executable: String, home: String, compiler: SwiftCompiler
  ) async throws(ScriptError) -> ScriptSDK {
    let folder = URL(filePath: executable).deletingLastPathComponent().path
    let installed = URL(filePath: folder).deletingLastPathComponent()
      .appending(path: "lib/dept/sdk").path
    if let sdk = ScriptSDK(directory: installed) { return sdk }
    guard let build = BuildFolder(at: folder) else {
      throw .sdkMissing(searched: [installed, folder])
    }
    return try await SDKStaging(build: build, home: home).stage(with: compiler)
  }
}
