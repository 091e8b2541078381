import DeptTesting
import Evaluation
import NeuralNetworks
import Testing
import Training
import TuningMethods

@Suite struct DivergenceTests {
  @Test("an absurd learning rate ends a run with the step at which it blew up")
  func diverges() throws {
    let golden = try GoldenFolder.model("t5-v1.0")
    let commands = try GoldenCommands(golden)
    let trainer = try commands.trainer(golden, FullFineTuning()) {
      $0.learningRate = 1e30
      $0.warmup = 0
    }
    var steps: [Int] = []
    let error = try #require(throws: TrainingError.self) {
      try trainer.train(
        from: trainer.initialState(),
        .init(metric: { step, _, _ in steps.append(step) }))
    }
    guard case .diverged(let step, _, _, let rate) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(step == steps.last)
    #expect(step == 2)
    #expect(rate == 1e30)
    #expect(error.description.contains("step 2"))
  }

  @Test("there must be examples, a possible method, and something to train")
  func refusals() throws {
    let golden = try GoldenFolder.model("t5-v1.0")
    let commands = try GoldenCommands(golden)
    let trainer = try commands.trainer(golden, PromptTuning(length: 0))
    #expect(throws: TrainingError.self) { try trainer.initialState() }
    let possible = try commands.trainer(golden, PromptTuning(length: 2))
    let empty = Trainer(
      backbone: possible.backbone, method: possible.method, schedule: possible.schedule, seed: 0,
      examples: [:], metrics: [.accuracy], selection: .accuracy)
    #expect(throws: TrainingError.noExamples) {
      try empty.train(from: possible.initialState(), .init())
    }
    let lora = try commands.trainer(golden, LoRA(rank: 1, targets: .parts(.positionBias)))
    #expect {
      try lora.initialState()
    } throws: { "\($0)".contains("match no site of this backbone") }
  }
}
