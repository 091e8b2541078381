import Backbones
import Datasets
import DeptTesting
import Evaluation
import NeuralNetworks
import TensorEngine
import Testing
import Training
import TuningMethods

/// Examples beside the positions of a backbone that numbers them: 160 here.
@Suite struct SequenceRoomTests {
  /// Sources of `length` letters, and of the nine ids that ask for a label.
  private func trainer(
    _ tiny: TinyBackbone, length: Int, prompt: Int, validation: Int = 1
  ) throws -> Trainer {
    var schedule = TrainingSchedule()
    (schedule.steps, schedule.batchSize, schedule.evaluateEvery) = (1, 1, 1)
    (schedule.sourceLength, schedule.targetLength) = (1024, 20)
    func example(_ length: Int) -> Example {
      Example(source: String(repeating: "a", count: length), target: "bb")
    }
    return Trainer(
      backbone: try tiny.loaded(), method: PromptTuning(length: prompt), schedule: schedule,
      seed: 1, examples: [.train: [example(length)], .validation: [example(validation)]],
      metrics: [.accuracy], selection: .accuracy)
  }

  @Test("an example that does not fit is one sentence before training")
  func training() throws {
    // 140 letters and 9, a prompt of 9, a target of 3 of which two are read: 160.
    let fitting = try trainer(.gpt2, length: 140, prompt: 9)
    #expect(try fitting.train(from: fitting.initialState(), .init()).step == 1)
    let long = try trainer(.gpt2, length: 141, prompt: 9)
    let error = #expect(throws: TrainingError.self) {
      try long.train(from: long.initialState(), .init())
    }
    #expect(error == .tooLong(source: 150, prompt: 9, target: 3, longest: 160))
    let text = try #require(error).description
    #expect(text.contains("150") && text.contains("160") && text.contains("prompt"))
  }

  @Test("what is written in validation counts up to its longest")
  func validation() throws {
    // 9 and 123 letters, 9 prompts and 19 that are read again: 160.
    let fitting = try trainer(.gpt2, length: 1, prompt: 9, validation: 123)
    #expect(try fitting.train(from: fitting.initialState(), .init()).step == 1)
    let long = try trainer(.gpt2, length: 1, prompt: 9, validation: 124)
    #expect(throws: TrainingError.tooLong(source: 133, prompt: 9, target: 20, longest: 160)) {
      try long.train(from: long.initialState(), .init())
    }
  }

  @Test("a backbone without numbered positions takes any length")
  func relative() throws {
    let trainer = try trainer(.version10, length: 500, prompt: 9)
    #expect(try trainer.train(from: trainer.initialState(), .init()).step == 1)
  }
}
