import Backbones
import DeptTesting
import NeuralNetworks
import TensorEngine
import Testing
import Training
import TuningMethods

/// Training over rounded frozen weights beside training over exact ones.
@Suite struct PrecisionTests {
  static let subjects = GoldenFolder.withTokenizer.flatMap { name in
    KernelChoice.available.map { (name, $0) }
  }

  @Test("twelve losses over bfloat16 are float32's within 2 %", arguments: subjects)
  func losses(name: String, kernels: KernelChoice) throws {
    let golden = try GoldenFolder.model(name)
    let commands = try GoldenCommands(golden)
    for method in try golden.methods().prefix(2) {
      let expected = try #require(commands.train[type(of: method).name]).steps.map(\.loss)
      let losses = try kernels { try run(golden, method).losses }
      let shares = zip(losses, expected).map { abs($0 - $1) / $1 }
      #expect(losses.count == 12)
      #expect((shares.max() ?? 1) < 0.02, "\(name), \(method): \(shares)")
      // Something was rounded.
      #expect((shares.max() ?? 0) > 1e-5)
    }
  }

  @Test(
    "full fine-tuning starts from the rounded weights, widened, and trains", arguments: subjects)
  func fullFineTuning(name: String, kernels: KernelChoice) throws {
    let golden = try GoldenFolder.model(name)
    let commands = try GoldenCommands(golden)
    let trainer = try commands.trainer(golden, FullFineTuning(), storing: .bfloat16)
    let start = try trainer.initialState().parameters
    for (path, weight) in trainer.backbone.model.weights {
      let parameter = start["\(path)/weight"]
      #expect(parameter.dtype == .float32)
      #expect(parameter.bits == weight.widenedToFloat32().bits)
    }
    let (losses, trained) = try kernels { try run(golden, FullFineTuning()) }
    let expected = try #require(commands.train[FullFineTuning.name]).steps.map(\.loss)
    let shares = zip(losses, expected).map { abs($0 - $1) / $1 }
    #expect((shares.max() ?? 1) < 0.02, "\(shares)")
    let table = "encoder.0.query/weight"
    let moved = trained[table].bits != start[table].bits
    #expect(moved && trained[table].dtype == .float32)
  }

  /// Twelve steps over a rounded backbone.
  private func run(
    _ golden: GoldenModel, _ method: any TuningMethod
  ) throws -> (losses: [Double], trained: Parameters) {
    let trainer = try GoldenCommands(golden).trainer(golden, method, storing: .bfloat16)
    var losses: [Double] = []
    let state = try trainer.train(
      from: GoldenCommands.start(golden, trainer), .init(metric: { losses.append($2) }))
    return (losses, state.parameters)
  }
}
