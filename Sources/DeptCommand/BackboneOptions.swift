import ArgumentParser
import Backbones
import Foundation
import TensorEngine

/// Which backbone a command works on.
struct BackboneOptions: ParsableArguments {
  @Option(help: "A backbone: a shipped one (nano), a fetched one (t5-base, org/name), a directory.")
  var backbone: String

  /// The directory in Hugging Face layout.
  ///
  /// - Throws: `Failure` with the command that fetches it.
  func directory(_ surroundings: Surroundings) throws -> String {
    try surroundings.backboneDirectory(BackboneID(rawValue: backbone))
  }

  /// The loaded backbone; sets the engine's threads first.
  func load(_ surroundings: Surroundings) throws -> LoadedBackbone {
    Engine.threads = surroundings.threads
    return try LoadedBackbone(directory: directory(surroundings))
  }
}

extension Surroundings {
  /// The bytes of the files of weights of a backbone; 0 where it is not on this machine.
  func weightBytes(_ id: BackboneID) -> Int {
    guard let directory = try? backboneDirectory(id) else { return 0 }
    let files = LoadedBackbone.files(in: directory).filter { $0.hasSuffix(".safetensors") }
    return files.reduce(0) { total, path in
      let file = URL(filePath: path).resolvingSymlinksInPath().path
      let size = try? FileManager.default.attributesOfItem(atPath: file)[.size]
      return total + (size as? Int ?? 0)
    }
  }

  /// The directory of a backbone by name or path.
  func backboneDirectory(_ id: BackboneID) throws -> String {
    let catalogue = BackboneCatalogue.standard
    if let shipped = catalogue.entry(id)?.shippedDirectory { return shipped }
    let name = id.rawValue
    let fetched = backbonesDirectory.appendingPathComponent(name).path
    if FileManager.default.fileExists(atPath: "\(fetched)/config.json") { return fetched }
    if FileManager.default.fileExists(atPath: "\(name)/config.json") { return name }
    let isPath = name.hasPrefix(".") || name.hasPrefix("/")
    if catalogue.entry(id) != nil || (name.contains("/") && !isPath) {
      throw Failure(
        .missingInput, "The backbone '\(name)' has not been fetched; run: dept fetch \(name)")
    }
    if name.contains("/") { throw BackboneError.missing(directory: name) }
    throw BackboneError.unknown(name: name, known: catalogue.entries.map(\.id.rawValue))
  }
}
