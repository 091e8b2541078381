import Checkpoints
import DeptTesting
import NeuralNetworks
import TensorEngine
import Testing

@testable import Backbones

/// GPT-2 as it is published: matrices the other way round, queries, keys and values side by side.
@Suite struct GPT2CheckpointTests {
  @Test(
    "a published layout gives back the model, with the prefix and without",
    arguments: ["transformer.", ""], DType.allCases)
  func layout(prefix: String, dtype: DType) throws {
    let folder = try TemporaryFolder()
    let model = try #require(try TinyBackbone.gpt2.model() as? GPT2)
    try write(model, prefix, to: folder)
    let read = try GPT2(
      model.configuration, Checkpoint(directory: folder.path), storing: dtype)
    let expected = try TinyBackbone.gpt2.model(storing: dtype)
    #expect(read.weights.count == expected.weights.count)
    for (path, weight) in expected.weights {
      let found = try #require(read.weights[path])
      #expect(found.dtype == weight.dtype && found.shape == weight.shape, "\(path)")
      #expect(found.widenedToFloat32().bits == weight.widenedToFloat32().bits, "\(path)")
    }
  }

  @Test("a missing tensor and one of another shape are named as they are stored")
  func faults() throws {
    let folder = try TemporaryFolder()
    let model = try #require(try TinyBackbone.gpt2.model() as? GPT2)
    try write(model, "", to: folder)
    var configuration = model.configuration
    configuration.layerCount += 1
    let missing = #expect(throws: CheckpointError.self) {
      try GPT2(configuration, Checkpoint(directory: folder.path), storing: .float32)
    }
    #expect(try #require(missing).description.contains("h.2.ln_1.weight"))
    configuration = model.configuration
    configuration.innerWidth += 1
    let shape = #expect(throws: CheckpointError.self) {
      try GPT2(configuration, Checkpoint(directory: folder.path), storing: .float32)
    }
    #expect(try #require(shape).description.contains("h.0.mlp.c_fc.weight"))
  }

  /// Writes the weights as Hugging Face does, with what it writes besides.
  private func write(_ model: GPT2, _ prefix: String, to folder: TemporaryFolder) throws {
    var stored: [String: Tensor] = [:]
    for (path, name) in model.checkpointNames { stored[name] = model.weights[path] }
    var writer = SafetensorsWriter()
    func add(_ name: String, _ tensor: Tensor) throws {
      try writer.add(
        prefix + name.trimmingPrefix("transformer."), shape: tensor.shape, floats: tensor.scalars)
    }
    for (name, tensor) in stored {
      guard name.contains(".c_") else {
        try add(name, tensor)
        continue
      }
      guard name.contains("[") else {
        try add(name, tensor.shape.count == 1 ? tensor : transposed([tensor]))
        continue
      }
      guard name.hasSuffix("[query]") else { continue }
      let whole = String(name.prefix { $0 != "[" })
      let thirds = try ["query", "key", "value"].map { try #require(stored["\(whole)[\($0)]"]) }
      try add(
        whole,
        tensor.shape.count == 1
          ? Tensor(thirds.flatMap(\.scalars), shape: [3 * tensor.shape[0]]) : transposed(thirds))
    }
    for layer in 0..<model.configuration.layerCount {
      try add("transformer.h.\(layer).attn.bias", .ones([1, 1, 4, 4]))
      try add("transformer.h.\(layer).attn.masked_bias", .zeros([1]))
    }
    try writer.add("lm_head.weight", shape: [1, 1], floats: [0])
    try writer.write(to: "\(folder.path)/model.safetensors")
  }

  /// `[output, input]` of several matrices → `[input, outputs]`.
  private func transposed(_ parts: [Tensor]) -> Tensor {
    let (outputs, inputs) = (parts[0].shape[0], parts[0].shape[1])
    let scalars = parts.map(\.scalars)
    let values = (0..<inputs).flatMap { input in
      scalars.flatMap { part in (0..<outputs).map { part[$0 * inputs + input] } }
    }
    return Tensor(values, shape: [inputs, parts.count * outputs])
  }
}
