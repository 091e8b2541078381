import Foundation

/// The backbones that are known by name: one line each.
public struct BackboneCatalogue: Sendable {
  /// A backbone known by name.
  public struct Entry: Sendable {
    public let id: BackboneID
    public let title: String
    /// What is known before anything is downloaded; `nil`: read it from the directory.
    public let architecture: Architecture?
    /// Where it lies when it is part of the package.
    public let shippedDirectory: String?

    init(
      _ id: BackboneID, _ title: String, _ architecture: Architecture?,
      shippedDirectory: String? = nil
    ) {
      self.id = id
      self.title = title
      self.architecture = architecture
      self.shippedDirectory = shippedDirectory
    }
  }

  public let entries: [Entry]

  /// Every backbone of the package; a new one is added here and nowhere else.
  public static let standard = BackboneCatalogue(entries: [
    Entry(.nano, "T5 nano (shipped)", nil, shippedDirectory: shipped("nano")),
    Entry(.t5Small, "T5 v1.0 small", .t5(.small)),
    Entry(.t5Base, "T5 v1.0 base", .t5(.base)),
    Entry(.t5Large, "T5 v1.0 large", .t5(.large)),
    Entry(.gpt2, "GPT-2 small", .gpt2(.small)),
    Entry(.gpt2Medium, "GPT-2 medium", .gpt2(.medium)),
    Entry(.gpt2Large, "GPT-2 large", .gpt2(.large)),
  ])

  /// The entry of a name, or `nil` for directories and published models.
  public func entry(_ id: BackboneID) -> Entry? { entries.first { $0.id == id } }

  /// The architecture of a name or directory, without reading weights.
  ///
  /// - Throws: `BackboneError`.
  public func architecture(_ id: BackboneID, directory: String?) throws(BackboneError)
    -> Architecture
  {
    let entry = entry(id)
    if let architecture = entry?.architecture { return architecture }
    if let directory = entry?.shippedDirectory ?? directory {
      return try Architecture(directory: directory)
    }
    throw .unknown(name: id.rawValue, known: entries.map(\.id.rawValue))
  }

  private static func shipped(_ name: String) -> String? {
    let path = Bundle.module.bundleURL.appendingPathComponent("Shipped/\(name)").path
    return FileManager.default.fileExists(atPath: "\(path)/config.json") ? path : nil
  }
}

extension T5Configuration {
  /// T5 v1.0 of 60 million parameters.
  public static let small = T5Configuration(
    vocabularySize: 32128, width: 512, headWidth: 64, headCount: 8, innerWidth: 2048,
    encoderLayerCount: 6, decoderLayerCount: 6)
  /// T5 v1.0 of 220 million parameters.
  public static let base = T5Configuration(
    vocabularySize: 32128, width: 768, headWidth: 64, headCount: 12, innerWidth: 3072,
    encoderLayerCount: 12, decoderLayerCount: 12)
  /// T5 v1.0 of 770 million parameters.
  public static let large = T5Configuration(
    vocabularySize: 32128, width: 1024, headWidth: 64, headCount: 16, innerWidth: 4096,
    encoderLayerCount: 24, decoderLayerCount: 24)
}
