#if os(Linux)
import Backbones
import Checkpoints
import DeptTesting
import NeuralNetworks
import TensorEngine
import Testing

/// Processes that read one backbone share its pages: that is what several runs at a time cost.
@Suite struct SharedWeightsTests {
  @Test("a loaded backbone has nothing of its weights for itself, even after they were used")
  func mapped() throws {
    let folder = try TemporaryFolder()
    let configuration = T5Configuration(
      vocabularySize: 16_384, width: 512, headWidth: 64, headCount: 4, innerWidth: 2048,
      encoderLayerCount: 4, decoderLayerCount: 4)
    let count = try write(configuration, to: "\(folder.path)/model.safetensors")
    // Other tests run meanwhile: the least of some attempts counts.
    var least = Int.max
    for _ in 0..<3 { least = min(least, try growth(configuration, in: folder.path)) }
    #expect(least < count / 2, "of \(count) bytes of weights")
  }

  /// Bytes that the process has more for itself after one pass of a freshly loaded model.
  private func growth(_ configuration: T5Configuration, in directory: String) throws -> Int {
    Engine.releaseUnusedMemory()
    let memory = try #require(ProcessMemory())
    let before = memory.own
    let checkpoint = try Checkpoint(directory: directory)
    let model = try T5(configuration) { name, shape in
      try checkpoint.tensor(named: name, shape: shape)
    }
    let logits = model.logits(
      source: PackedTokens([[3, 4, 5, 1]]), target: PackedTokens([[6, 1]]), .frozen)
    let after = try #require(ProcessMemory())
    #expect(logits.shape == [2, configuration.vocabularySize])
    return after.own - before
  }

  /// Writes random weights and returns their bytes.
  private func write(_ configuration: T5Configuration, to path: String) throws -> Int {
    let model = try T5.random(configuration, key: RandomKey(seed: 1))
    var writer = SafetensorsWriter()
    var count = 0
    for (site, weight) in model.weights {
      guard let name = model.checkpointNames[site] else { continue }
      try writer.add(name, shape: weight.shape, floats: weight.scalars)
      count += 4 * weight.scalarCount
    }
    try writer.write(to: path)
    return count
  }
}
#endif
