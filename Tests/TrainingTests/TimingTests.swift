import Backbones
import Datasets
import DeptTesting
import Evaluation
import Foundation
import TensorEngine
import Testing
import Training
import TuningMethods

@Suite struct TimingTests {
  /// A recorded point.
  private struct Point: Equatable { var step: Int, name: String, value: Double }

  private func trainer(
    _ timing: TrainingSchedule.Timing?, examples: PreparedDataset
  ) throws -> Trainer {
    var schedule = TrainingSchedule()
    schedule.steps = 3
    schedule.batchSize = 2
    schedule.timing = timing
    schedule.order = .sequential
    schedule.targetLength = 2
    return Trainer(
      backbone: try RandomBackbone(TinyBackbone.version10.architecture).load(),
      method: PromptTuning(length: 3), schedule: schedule, seed: 1, examples: examples.splits,
      metrics: [.accuracy], selection: .accuracy)
  }

  private let examples: PreparedDataset

  init() throws { examples = try LengthDataset(length: 6).load(from: URL(filePath: ".")) }

  private func points(
    _ trainer: Trainer,
    _ work: (TrainingState, Trainer.Hooks) throws -> TrainingState
  ) throws -> (points: [Point], state: TrainingState) {
    var points: [Point] = []
    let state = try work(
      trainer.initialState(),
      Trainer.Hooks(metric: { points.append(Point(step: $0, name: $1, value: $2)) }))
    return (points, state)
  }

  @Test("training that is timed tells the seconds of every step, other training does not")
  func training() throws {
    let timed = try trainer(.training, examples: examples)
    let (points, state) = try points(timed, { try timed.train(from: $0, $1) })
    let seconds = points.filter { $0.name == "train/seconds" }
    #expect(seconds.map(\.step) == [1, 2, 3])
    #expect(seconds.allSatisfy { $0.value > 0 })
    #expect(abs(seconds.reduce(0) { $0 + $1.value } - state.trainingSeconds) < 1e-9)
    let plain = try trainer(nil, examples: examples)
    let quiet = try self.points(plain, { try plain.train(from: $0, $1) }).points
    #expect(quiet.allSatisfy { $0.name == "train/loss" })
  }

  @Test("inference that is timed tells the speed of every batch, and learns nothing")
  func inference() throws {
    let timed = try trainer(.inference, examples: examples)
    let (points, state) = try points(timed, timed.answer)
    #expect(points.map(\.name) == Array(repeating: "inference/samples-per-second", count: 3))
    #expect(points.map(\.step) == [1, 2, 3])
    #expect(points.allSatisfy { $0.value > 0 && $0.value.isFinite })
    #expect(state.step == 3)
    let before = try timed.initialState().parameters
    for name in before.names {
      #expect(state.parameters.tensor(named: name)?.scalars == before.tensor(named: name)?.scalars)
    }
    let elapsed = points.reduce(0) { $0 + 2 / $1.value }
    #expect(abs(elapsed - state.seconds) < 1e-6)
  }

  @Test("inference stops between batches when it is asked to, and needs examples")
  func stopping() throws {
    let timed = try trainer(.inference, examples: examples)
    let stopped = try timed.answer(
      from: timed.initialState(), Trainer.Hooks(shouldStop: { true }))
    #expect(stopped.step == 1)
    let empty = try trainer(.inference, examples: PreparedDataset("none", [:]))
    #expect(throws: TrainingError.noExamples) {
      try empty.answer(from: empty.initialState(), Trainer.Hooks())
    }
  }
}
