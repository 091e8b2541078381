import DeptTesting
import Foundation
import TensorEngine
import Testing
import Training
import TuningMethods

@Suite struct ResumeTests {
  @Test(
    "a run stopped at step 5 and resumed from its file ends in the same bits",
    arguments: GoldenFolder.withTokenizer,
    TrainingSchedule.Order.allCases.map { ($0, nil) }
      + [(.shuffled, 40), (.bucketed, 30)])
  func resumes(name: String, batches: (order: TrainingSchedule.Order, tokens: Int?)) throws {
    let golden = try GoldenFolder.model(name)
    let commands = try GoldenCommands(golden)
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("\(UUID().uuidString).safetensors").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    for method in try golden.methods() {
      let trainer = try commands.trainer(golden, method) {
        $0.order = batches.order
        $0.batchTokens = batches.tokens
        $0.dropout = 0.1
        $0.weightDecay = 0.01
        $0.batchSize = 3
      }
      var whole: [Double] = []
      let start = try GoldenCommands.start(golden, trainer)
      let uninterrupted = try trainer.train(from: start, .init(metric: { whole.append($2) }))
      var parts: [Double] = []
      let stopped = try trainer.train(
        from: start,
        .init(
          metric: { parts.append($2) },
          checkpoint: { try $0.write(to: path, identity: "run") },
          shouldStop: { parts.count == 5 }))
      #expect(stopped.step == 5)
      let resumed = try TrainingState(contentsOf: path, identity: "run")
      #expect(resumed.step == 5)
      let final = try trainer.train(from: resumed, .init(metric: { parts.append($2) }))
      #expect(parts == whole)
      #expect(final.step == 12)
      #expect(bits(final.parameters) == bits(uninterrupted.parameters))
      #expect(bits(final.optimizer.first) == bits(uninterrupted.optimizer.first))
      #expect(bits(final.optimizer.second) == bits(uninterrupted.optimizer.second))
    }
  }

  @Test("dropout differs from step to step and from seed to seed, and repeats with the seed")
  func dropout() throws {
    let golden = try GoldenFolder.model("t5-v1.1")
    let commands = try GoldenCommands(golden)
    func losses(_ seed: Int) throws -> [Double] {
      let trainer = try commands.trainer(golden, try golden.methods()[0]) {
        $0.dropout = 0.3
        $0.batchSize = 10
        $0.learningRate = 0
      }
      let seeded = Trainer(
        backbone: trainer.backbone, method: trainer.method, schedule: trainer.schedule, seed: seed,
        tasks: trainer.tasks)
      var losses: [Double] = []
      _ = try seeded.train(
        from: GoldenCommands.start(golden, seeded), .init(metric: { losses.append($2) }))
      return losses
    }
    let first = try losses(1)
    #expect(Set(first).count == 12)
    #expect(try losses(1) == first)
    #expect(try Set(losses(2)).isDisjoint(with: first))
  }

  private func bits(_ parameters: Parameters) -> [String: [UInt32]] {
    Dictionary(uniqueKeysWithValues: parameters.names.map { ($0, parameters[$0].bits) })
  }
}
