import Backbones
import Foundation
import TensorEngine

/// A GPT-2 of 88 thousand parameters that sorts six digits out of 0, 1 and 2, trained by minGPT,
/// and all activations of one of its passes.
struct SortingModel {
  static let folder = SharedFolder.path("weights/gpt-nano-sort")

  let model: GPT2
  /// What three sequences become, by minGPT's names.
  let activations: [String: Tensor]

  private struct Stored: Decodable {
    let shape: [Int]
    let data: Data

    var tensor: Tensor {
      let floats = data.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
      return Tensor(floats, shape: shape)
    }
  }

  private struct Sizes: Decodable {
    let n_layer, n_head, n_embd, vocab_size, block_size: Int
  }

  /// What a file holds: sizes under `config`, tensors under all other names.
  private struct File: Decodable {
    let sizes: Sizes
    var tensors: [String: Tensor] = [:]

    private struct Key: CodingKey {
      let stringValue: String
      var intValue: Int? { nil }
      init(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }

    init(path: String) throws {
      self = try JSONDecoder().decode(File.self, from: Data(contentsOf: URL(filePath: path)))
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      sizes = try container.decode(Sizes.self, forKey: Key(stringValue: "config"))
      for key in container.allKeys where key.stringValue != "config" {
        tensors[key.stringValue] = try container.decode(Stored.self, forKey: key).tensor
      }
    }
  }

  init(folder: String) throws {
    let file = try File(path: "\(folder)/gpt-nano-sort-model.json")
    var configuration = GPT2Configuration(
      vocabularySize: file.sizes.vocab_size, width: file.sizes.n_embd,
      headCount: file.sizes.n_head, layerCount: file.sizes.n_layer,
      positionCount: file.sizes.block_size)
    configuration.isHeadTied = false
    model = try GPT2(configuration) { name, shape in
      // minGPT stores matrices as they are multiplied here, queries above keys above values.
      let third = ["[query]", "[key]", "[value]"].firstIndex(where: name.hasSuffix)
      let stored = file.tensors[String(name.prefix { $0 != "[" })] ?? .zeros([0])
      guard let third else { return stored.reshaped(shape) }
      let width = file.sizes.n_embd
      return stored.reshaped([3 * width, stored.scalarCount / 3 / width])
        .rows(third * width..<(third + 1) * width).reshaped(shape)
    }
    activations = try File(path: "\(folder)/gpt-nano-sort-t0-partials.json").tensors
  }
}
