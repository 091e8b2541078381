import Foundation

/// The backbones that are known by name: one line each.
public struct BackboneCatalogue: Sendable {
  /// A backbone known by name.
  public struct Entry: Sendable {
    public let id: BackboneID
    public let title: String
    /// What is known before anything is downloaded; `nil`: read it from the directory.
    public let configuration: T5Configuration?
    /// Where it lies when it is part of the package.
    public let shippedDirectory: String?
  }

  public let entries: [Entry]

  /// Every backbone of the package; a new one is added here and nowhere else.
  public static let standard = BackboneCatalogue(entries: [
    Entry(
      id: .nano, title: "T5 nano (shipped)", configuration: nil,
      shippedDirectory: shipped("nano")),
    Entry(id: .t5Small, title: "T5 v1.0 small", configuration: .small, shippedDirectory: nil),
    Entry(id: .t5Base, title: "T5 v1.0 base", configuration: .base, shippedDirectory: nil),
    Entry(id: .t5Large, title: "T5 v1.0 large", configuration: .large, shippedDirectory: nil),
  ])

  /// The entry of a name, or `nil` for directories and published models.
  public func entry(_ id: BackboneID) -> Entry? { entries.first { $0.id == id } }

  /// The architecture of a name or directory, without reading weights.
  ///
  /// - Throws: `BackboneError`.
  public func configuration(_ id: BackboneID, directory: String?) throws(BackboneError)
    -> T5Configuration
  {
    let entry = entry(id)
    if let configuration = entry?.configuration { return configuration }
    if let directory = entry?.shippedDirectory ?? directory {
      return try T5Configuration(directory: directory)
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
