import Checkpoints
import Foundation
import TensorEngine

/// Writes a directory in Hugging Face layout whose weights are another's, some of them replaced.
public struct MergedWriter: Sendable {
  /// The directory of the backbone.
  public let source: String

  public init(source: String) { self.source = source }

  /// Copies configuration and tokenizer, and writes `model.safetensors` with all weights as
  /// float32.
  ///
  /// - Parameters:
  ///   - merged: the weights that take the place of the backbone's.
  ///   - notes: what the weights' metadata says beside.
  /// - Precondition: the directory is another than the backbone's.
  /// - Throws: `CheckpointError` or a Cocoa error.
  public func write(_ merged: MergedBackbone, to directory: String, notes: [String: String])
    throws
  {
    precondition(!FileIdentity.isSame(source, directory), "a backbone is not merged into itself")
    let checkpoint = try Checkpoint(directory: source)
    try FileManager.default.createDirectory(
      atPath: directory, withIntermediateDirectories: true)
    var writer = SafetensorsWriter(metadata: notes.merging(["format": "pt"]) { $1 })
    let replaced = Self.byStoredName(merged, among: Set(checkpoint.names))
    for name in checkpoint.names {
      guard let entry = checkpoint.entry(named: name) else { continue }
      var floats = try checkpoint.floats(named: name, shape: entry.shape)
      for change in replaced[name] ?? [] { change.apply(to: &floats, shape: entry.shape) }
      try writer.add(name, shape: entry.shape, floats: floats)
    }
    try writer.write(to: "\(directory)/model.safetensors")
    for name in try FileManager.default.contentsOfDirectory(atPath: source)
    where Self.isCopied(name) {
      let target = "\(directory)/\(name)"
      try? FileManager.default.removeItem(atPath: target)
      let file = URL(filePath: "\(source)/\(name)").resolvingSymlinksInPath()
      try FileManager.default.copyItem(at: file, to: URL(filePath: target))
    }
  }

  /// What belongs to a model beside its weights.
  private static func isCopied(_ name: String) -> Bool {
    let isText = name.hasSuffix(".json") || name.hasSuffix(".txt") || name.hasSuffix(".model")
    return isText && !name.hasSuffix(".index.json") && !name.hasPrefix("adapter_")
  }

  /// The changes of each tensor of the checkpoint: some leave out the prefix of names, and some
  /// hold the word embeddings several times.
  private static func byStoredName(_ merged: MergedBackbone, among names: Set<String>)
    -> [String: [StoredChange]]
  {
    let copies = [
      "shared.weight": [
        "encoder.embed_tokens.weight", "decoder.embed_tokens.weight", "lm_head.weight",
      ],
      "transformer.wte.weight": ["lm_head.weight"],
    ]
    var changes: [String: [StoredChange]] = [:]
    for (name, tensor) in merged.weights {
      let change = StoredChange(name, tensor)
      let others = (copies[change.stored] ?? []).filter { !merged.ownNames.contains($0) }
      for stored in [change.stored] + others {
        let short = String(stored.trimmingPrefix("transformer."))
        for found in Set([stored, short]) where names.contains(found) {
          changes[found, default: []].append(change)
        }
      }
    }
    return changes
  }
}

/// A tensor of a backbone on its way to where a checkpoint has it.
private struct StoredChange {
  /// The checkpoint's name of what it is, or is a part of.
  let stored: String
  private let third: Int?
  private let tensor: Tensor

  init(_ name: String, _ tensor: Tensor) {
    stored = String(name.prefix { $0 != "[" })
    third = ["[query]", "[key]", "[value]"].firstIndex(where: name.hasSuffix)
    self.tensor = tensor
  }

  /// Overwrites the numbers; GPT-2's layers are stored `[input, output]`, some with their thirds
  /// side by side.
  func apply(to floats: inout [Float], shape: [Int]) {
    let values = tensor.scalars
    guard stored.contains(".c_") else {
      floats = values
      return
    }
    let (output, input) = (tensor.shape[0], tensor.shape.count == 2 ? tensor.shape[1] : 1)
    let width = shape.last ?? output
    let first = (third ?? 0) * output
    for to in 0..<output {
      for from in 0..<input { floats[from * width + first + to] = values[to * input + from] }
    }
  }
}
