import Backbones
import Datasets
import DeptTesting
import Evaluation
import Foundation
import TensorEngine
import Testing
import TuningMethods

@testable import Training

@Suite struct EarlyStoppingTests {
  /// What is remembered after each of some scores.
  private func waits(
    _ rule: EarlyStopping, _ scores: [Double],
    isBetter: (_ score: Double, _ than: Double) -> Bool = { $0 > $1 }
  ) -> [Int?] {
    var progress: EarlyStopping.Standing?
    return scores.map {
      progress = rule.progress(after: progress, score: $0, isBetter: isBetter)
      return progress?.waited
    }
  }

  @Test("any better score is a gain, unless a minimum is asked for; an equal one is none")
  func gains() {
    let scores = [0.5, 0.5, 0.75, 0.625, 0.7, 0.8, 0.85]
    #expect(waits(EarlyStopping(patience: 3), scores) == [0, 1, 0, 1, 2, 0, 0])
    // What was gained in small steps counts together.
    #expect(
      waits(EarlyStopping(patience: 3, minimumGain: 0.1), scores) == [0, 1, 0, 1, 2, 3, 0])
    #expect(
      waits(EarlyStopping(patience: 3, minimumGain: 0.25), [0.25, 0.5, 0.5]) == [0, 0, 1])
    #expect(
      waits(EarlyStopping(patience: 3), [9, 8, 10, 8], isBetter: { $0 < $1 }) == [0, 0, 1, 2])
  }

  @Test("a score that is no number is no gain, and nothing to compare with")
  func undefinedScores() {
    #expect(
      waits(EarlyStopping(patience: 3), [.nan, .nan, 0.5, .nan, .infinity, 0.6])
        == [nil, nil, 0, 1, 2, 0])
  }

  private func trainer(
    validation: Int = 3, patience: Int = 2, steps: Int = 40
  ) throws -> Trainer {
    let golden = try GoldenFolder.model("t5-v1.0")
    let examples = try GoldenCommands.examples(golden)
    var schedule = TrainingSchedule()
    schedule.steps = steps
    schedule.batchSize = 3
    schedule.dropout = 0.1
    schedule.sourceLength = 24
    schedule.targetLength = 8
    schedule.evaluateEvery = 3
    schedule.earlyStopping = EarlyStopping(patience: patience)
    return Trainer(
      backbone: try LoadedBackbone(directory: golden.directory), method: PromptTuning(length: 3),
      schedule: schedule, seed: 2,
      examples: [.train: examples, .validation: examples.selecting(0..<validation)],
      metrics: [.accuracy], selection: .accuracy)
  }

  private func bits(_ parameters: Parameters) -> [String: [UInt32]] {
    Dictionary(uniqueKeysWithValues: parameters.names.map { ($0, parameters[$0].bits) })
  }

  @Test("a run ends after the validation that used its patience up, and resumes to the same end")
  func ends() throws {
    let trainer = try trainer()
    // A backbone of random weights answers nothing right: the first validation is the best.
    var names: [String] = []
    let whole = try trainer.train(
      from: trainer.initialState(),
      .init(metric: { step, name, _ in names.append("\(step) \(name)") }))
    #expect(whole.step == 9)
    #expect(whole.best?.step == 3)
    #expect(whole.progress == EarlyStopping.Standing(score: 0, waited: 2))
    #expect(names.last == "9 validation/accuracy")
    #expect(trainer.isDone(whole))

    // Stopped at every step on the way, from the file each time.
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("\(UUID().uuidString).safetensors").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    var state = try trainer.initialState()
    var parts: [String] = []
    while !trainer.isDone(state) {
      _ = try trainer.train(
        from: state,
        .init(
          metric: { step, name, _ in parts.append("\(step) \(name)") },
          checkpoint: { try $0.write(to: path, identity: "run") }, shouldStop: { true }))
      state = try TrainingState(contentsOf: path, identity: "run")
    }
    #expect(parts == names)
    #expect(state.step == 9)
    #expect(state.progress == whole.progress)
    #expect(bits(state.parameters) == bits(whole.parameters))
    // It has ended: there is nothing to go on with.
    #expect(try trainer.train(from: state, .init()).step == 9)
  }

  @Test("until it ends, a run has the bits of one without early stopping")
  func sameBits() throws {
    let stopped = try trainer()
    var plain = try trainer(steps: 40)
    plain.schedule.earlyStopping = nil
    let a = try stopped.train(from: stopped.initialState(), .init())
    let b = try plain.train(from: plain.initialState(), pausingAt: 9, .init())
    #expect(bits(a.parameters) == bits(b.parameters))
    #expect(b.progress == nil)
    let patient = try trainer(patience: 100, steps: 12)
    #expect(try patient.train(from: patient.initialState(), .init()).step == 12)
  }

  @Test("without validation examples there is nothing to stop by, and the run says so")
  func nothingToJudge() throws {
    let trainer = try trainer(validation: 0)
    let error = try #require(throws: TrainingError.self) {
      try trainer.train(from: trainer.initialState(), .init())
    }
    #expect(error.description.contains("there are no validation examples; leave it out"))
  }
}
