import ArgumentParser
import Backbones
import Foundation
import TensorEngine
import Tokenization
import Training

/// Which backbone a command works on.
struct BackboneOptions: ParsableArguments {
  @Option(
    help: """
      A backbone: a shipped one (nano), a fetched one (t5-base, org/name), a directory; \
      NAME:random for its architecture with random weights.
      """)
  var backbone: String

  /// Its name.
  var id: BackboneID { BackboneID(rawValue: backbone) }

  /// The loaded backbone; sets the engine's threads first.
  func load(
    _ surroundings: Surroundings, precision: TrainingSchedule.Precision = .float32
  ) throws -> LoadedBackbone {
    Engine.threads = surroundings.threads
    if !precision.isAvailable { Output.note(TrainingSchedule.Precision.unavailable) }
    return try LoadedBackbone(
      id, directory: surroundings.backboneDirectory(id), storing: precision.storage)
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

  /// The directory of a backbone by name or path; of one with random weights that of its
  /// architecture, which is empty where the catalogue knows it.
  ///
  /// - Throws: `Failure` with the command that fetches it.
  func backboneDirectory(_ id: BackboneID) throws -> String {
    let catalogue = BackboneCatalogue.standard
    if let architecture = id.randomArchitecture {
      return catalogue.entry(architecture)?.architecture == nil
        ? try backboneDirectory(architecture) : ""
    }
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

  /// The architecture of a backbone by name or path, known without its weights.
  ///
  /// - Throws: as `backboneDirectory`, and `BackboneError`.
  func architecture(of id: BackboneID) throws -> Architecture {
    let name = id.randomArchitecture ?? id
    return try BackboneCatalogue.standard.entry(name)?.architecture
      ?? Architecture(directory: backboneDirectory(name))
  }

  /// The tokenizer of a backbone by name or path.
  ///
  /// - Throws: as `backboneDirectory`, `BackboneError` or `TokenizerError`.
  func tokenizer(of id: BackboneID) throws -> any Tokenizer {
    guard id.randomArchitecture == nil else {
      return RandomBackbone(try architecture(of: id)).tokenizer
    }
    return try openTokenizer(at: backboneDirectory(id))
  }

  /// How texts become the ids of a backbone by name or path, for which its weights are not needed.
  func text(of id: BackboneID) throws -> BackboneText {
    BackboneText(
      tokenizer: try tokenizer(of: id), sourceEnding: try architecture(of: id).sourceEnding)
  }
}
