import Backbones
import Datasets
import DeptTesting
import Evaluation
import Foundation
import NeuralNetworks
import TensorEngine
import Testing
import Training
import TuningMethods

/// Training on several tasks, on a backbone of a few thousand weights.
@Suite struct MultiTaskTrainingTests {
  /// A prompt for each task, stacked.
  private struct PromptPerTask: TuningMethod {
    static let name = "prompt-per-task"
    static let title = "A prompt for each task"
    static let reference = Citation("none")
    var length = 2
    var defaultLearningRates: LearningRates { LearningRates(0.1) }

    func adapt(_ backbone: Anatomy, into adaptation: inout Adaptation) {
      guard let site = backbone.sourceInput else { return }
      let length = length
      let prompt = adaptation.parameter(
        "prompt", [adaptation.taskCount * length, site.output], .uniform(0.5), at: site)
      adaptation.editInput(site) { input, pass in
        let start = pass.task * length
        return input.prepending(pass[prompt].rows(start..<start + length))
      }
    }
  }

  private let texts: [Split: Examples]

  init() throws {
    let golden = try GoldenFolder.model("t5-v1.0")
    let examples = try GoldenCommands.examples(golden)
    texts = [.train: examples, .validation: examples.selecting(0..<4), .test: examples]
  }

  private func task(_ name: String, _ range: Range<Int>) -> TrainingTask {
    var examples = texts.mapValues { texts in
      texts.selecting(range.clamped(to: texts.indices))
    }
    examples[.validation] = texts[.validation]
    return TrainingTask(
      name, examples: examples, metrics: [.accuracy], selection: .accuracy)
  }

  private func trainer(
    _ method: any TuningMethod, _ tasks: [TrainingTask], steps: Int = 6,
    _ change: (inout TrainingSchedule) -> Void = { _ in }
  ) throws -> Trainer {
    let golden = try GoldenFolder.model("t5-v1.0")
    var schedule = TrainingSchedule()
    schedule.steps = steps
    schedule.batchSize = 2
    schedule.dropout = 0.1
    schedule.sourceLength = 24
    schedule.targetLength = 8
    schedule.evaluateEvery = 3
    change(&schedule)
    return Trainer(
      backbone: try LoadedBackbone(directory: golden.directory), method: method,
      schedule: schedule, seed: 3, tasks: tasks)
  }

  private func points(
    _ trainer: Trainer
  ) throws -> (names: [String], values: [Double], state: TrainingState) {
    var (names, values): ([String], [Double]) = ([], [])
    let state = try trainer.train(
      from: trainer.initialState(),
      .init(metric: {
        names.append("\($0) \($1)")
        values.append($2)
      }))
    return (names, values, state)
  }

  private func bits(_ parameters: Parameters) -> [String: [UInt32]] {
    Dictionary(uniqueKeysWithValues: parameters.names.map { ($0, parameters[$0].bits) })
  }

  @Test("one task is trained to the bits of a run that knows of no tasks, whatever its name")
  func single() throws {
    let named = try trainer(PromptTuning(length: 3), [task("rte", 0..<8)]) { $0.mixing = .equal }
    let plain = Trainer(
      backbone: named.backbone, method: named.method, schedule: named.schedule, seed: named.seed,
      examples: named.tasks[0].examples, metrics: [.accuracy], selection: .accuracy)
    let (a, b) = (try points(named), try points(plain))
    #expect(a.names == b.names && a.values == b.values)
    #expect(a.names.contains("3 validation/accuracy"))
    #expect(bits(a.state.parameters) == bits(b.state.parameters))
    #expect(try named.scores(of: a.state, on: .test).keys.sorted() == ["accuracy"])
  }

  @Test("each task is judged by itself, and the best step is the best in the mean")
  func scores() throws {
    let trainer = try trainer(PromptTuning(length: 3), [task("rte", 0..<5), task("./b/c", 5..<9)])
    let (names, _, state) = try points(trainer)
    #expect(
      names.filter { $0.hasPrefix("6 validation") } == [
        "6 validation/./b/c/accuracy", "6 validation/mean", "6 validation/rte/accuracy",
      ])
    let best = try #require(state.best)
    #expect(best.scores.keys.sorted() == ["./b/c/accuracy", "mean", "rte/accuracy"])
    let test = try trainer.scores(of: state, on: .test)
    let parts = [test["rte/accuracy"], test["./b/c/accuracy"]].compactMap(\.self)
    #expect(parts.count == 2)
    #expect(test["mean"] == parts.reduce(0, +) / 2)
  }

  @Test("a step moves the rows of its own task and no others")
  func rows() throws {
    let tasks = [task("a", 0..<4), task("b", 4..<8), task("c", 2..<6)]
    let trainer = try trainer(PromptPerTask(), tasks, steps: 1) { $0.dropout = 0 }
    let before = try trainer.initialState()
    let after = try trainer.train(from: before, .init())
    let name = "encoder.input/prompt"
    #expect(before.parameters[name].shape[0] == 6)
    let width = before.parameters[name].shape[1]
    let moved = zip(before.parameters[name].scalars, after.parameters[name].scalars)
      .enumerated().filter { $1.0 != $1.1 }.map { $0.offset / (2 * width) }
    #expect(Set(moved).count == 1)
  }

  @Test("a run on several tasks resumes to the same bits, and repeats with its seed")
  func resumes() throws {
    let trainer = try trainer(
      PromptPerTask(), [task("a", 0..<4), task("b", 4..<9)], steps: 9
    ) { $0.mixing = .proportional }
    let whole = try points(trainer)
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("\(UUID().uuidString).safetensors").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    var steps = 0
    _ = try trainer.train(
      from: trainer.initialState(),
      .init(
        metric: {
          if $1 == "train/loss" { steps = $0 }; _ = $2
        },
        checkpoint: { try $0.write(to: path, identity: "r") }, shouldStop: { steps == 4 }))
    let resumed = try TrainingState(contentsOf: path, identity: "r")
    #expect(resumed.step == 4)
    let final = try trainer.train(from: resumed, .init())
    #expect(bits(final.parameters) == bits(whole.state.parameters))
    #expect(final.best?.scores == whole.state.best?.scores)
  }

  @Test("a task without training examples is said so; one without validation is left out of it")
  func emptyTasks() throws {
    let empty = TrainingTask("none", examples: [:], metrics: [.accuracy], selection: .accuracy)
    let impossible = try trainer(PromptTuning(length: 3), [task("a", 0..<4), empty])
    #expect(throws: TrainingError.noExamples) { try points(impossible) }
    var silent = task("b", 4..<8)
    silent.examples[.validation] = []
    let trainer = try trainer(PromptTuning(length: 3), [task("a", 0..<4), silent])
    let best = try #require(try points(trainer).state.best)
    #expect(best.scores.keys.sorted() == ["a/accuracy", "mean"])
    #expect(best.scores["mean"] == best.scores["a/accuracy"])
  }

  @Test("what is timed answers the sources of a task a step")
  func timing() throws {
    let trainer = try trainer(
      PromptPerTask(), [task("a", 0..<4), task("b", 4..<9)]
    ) { $0.timing = .inference }
    let state = try trainer.answer(from: trainer.initialState(), .init())
    #expect(state.step == 6)
  }
}
