public import Backbones
import Checkpoints
import Foundation
public import TensorEngine

/// Writes a T5 in Hugging Face layout: `config.json`, `model.safetensors` and `spiece.model`.
public struct BackboneWriter: Sendable {
  public let directory: String

  public init(directory: String) { self.directory = directory }

  /// Writes all files; each is whole or not there.
  ///
  /// - Parameters:
  ///   - weights: by their checkpoint names.
  ///   - sentinels: how many `<extra_id_k>` the vocabulary has among its pieces.
  ///   - notes: what the weights' metadata says beside, such as the command that made them.
  /// - Throws: `CheckpointError`, or a Cocoa error for the configuration.
  public func write(
    _ configuration: T5Configuration, weights: [String: Tensor], vocabulary: [UInt8],
    sentinels: Int, notes: [String: String]
  ) throws {
    try FileManager.default.createDirectory(
      atPath: directory, withIntermediateDirectories: true)
    var writer = SafetensorsWriter(metadata: notes.merging(["format": "pt"]) { $1 })
    for (name, tensor) in weights.sorted(by: { $0.key < $1.key }) {
      try writer.add(name, shape: tensor.shape, floats: tensor.scalars)
    }
    try writer.write(to: "\(directory)/model.safetensors")
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    var object =
      try JSONSerialization.jsonObject(with: encoder.encode(configuration))
      as? [String: Any] ?? [:]
    object["model_type"] = "t5"
    object["architectures"] = ["T5ForConditionalGeneration"]
    object["is_encoder_decoder"] = true
    try write(object, to: "config.json")
    try write(
      ["tokenizer_class": "T5Tokenizer", "extra_ids": sentinels, "eos_token": "</s>"],
      to: "tokenizer_config.json")
    try Data(vocabulary).write(
      to: URL(filePath: "\(directory)/spiece.model"), options: .atomic)
  }

  private func write(_ object: [String: Any], to name: String) throws {
    let data = try JSONSerialization.data(
      withJSONObject: object, options: [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes])
    try (data + Data("\n".utf8)).write(
      to: URL(filePath: "\(directory)/\(name)"), options: .atomic)
  }
}
