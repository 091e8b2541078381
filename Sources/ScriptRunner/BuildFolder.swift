import Foundation

/// A folder SwiftPM builds into, as far as scripts need it.
///
/// Its layout is SwiftPM's own business, so it is read in this file only.
struct BuildFolder: Sendable {
  /// A file of the SDK and where it comes from.
  struct Source: Hashable, Sendable {
    /// The path within the SDK.
    var name: String
    /// The path of the original.
    var path: String
  }

  let directory: String
  /// Swift modules, library and C headers, sorted by name.
  let sources: [Source]
  /// Contents of files that are written rather than copied, by their path within the SDK.
  let generated: [String: String]
  /// The C modules found.
  let cModules: [String]

  /// - Returns: `nil` where there is no script library in the folder.
  init?(at directory: String) {
    let library = "\(directory)/\(ScriptSDK.libraryName)"
    guard FileManager.default.fileExists(atPath: library) else { return nil }
    var sources = [Source(name: "lib/\(ScriptSDK.libraryName)", path: library)]
    for module in ScriptSDK.swiftModules {
      let path = "\(directory)/Modules/\(module).swiftmodule"
      guard FileManager.default.fileExists(atPath: path) else { continue }
      sources.append(Source(name: "Modules/\(module).swiftmodule", path: path))
    }
    var generated: [String: String] = [:]
    var found: [String] = []
    let roots = Self.headerFolders(in: directory)
    for module in ScriptSDK.cModules {
      guard let headers = roots[module] ?? Self.sibling(module, of: roots) else { continue }
      found.append(module)
      let files = (try? FileManager.default.contentsOfDirectory(atPath: headers)) ?? []
      for file in files.sorted() where file.hasSuffix(".h") || file == "module.modulemap" {
        sources.append(Source(name: "include/\(module)/\(file)", path: "\(headers)/\(file)"))
      }
      if !files.contains("module.modulemap") {
        // SwiftPM's own module map names the checkout by its absolute path.
        generated["include/\(module)/module.modulemap"] = """
          module \(module) {
            umbrella "."
            export *
          }

          """
      }
    }
    self.directory = directory
    self.sources = sources.sorted { $0.name < $1.name }
    self.generated = generated
    self.cModules = found
  }

  /// The header folders that SwiftPM's generated module maps name, by module.
  private static func headerFolders(in directory: String) -> [String: String] {
    var folders: [String: String] = [:]
    for module in ScriptSDK.cModules {
      let path = "\(directory)/\(module).build/module.modulemap"
      guard let map = try? String(contentsOfFile: path, encoding: .utf8) else { continue }
      let quoted = map.split(separator: "\"", omittingEmptySubsequences: false)
      guard quoted.count >= 3 else { continue }
      let named = String(quoted[1])
      folders[module] =
        named.hasSuffix(".h") ? URL(filePath: named).deletingLastPathComponent().path : named
    }
    return folders
  }

  /// The folder of a system library's module map: beside the sources of the other C modules.
  private static func sibling(_ module: String, of folders: [String: String]) -> String? {
    for folder in folders.sorted(by: { $0.key < $1.key }).map(\.value) {
      let targets = URL(filePath: folder).deletingLastPathComponent().deletingLastPathComponent()
      let candidate = targets.appending(path: module).path
      if FileManager.default.fileExists(atPath: "\(candidate)/module.modulemap") {
        return candidate
      }
    }
    return nil
  }
}
