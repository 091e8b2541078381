import Backbones
import Datasets
import DeptTesting
import Evaluation
import Foundation
import TensorEngine
import Testing
import TuningMethods

@testable import Training

/// Runs whose length is said in epochs or in seconds, and runs that pause.
@Suite struct BudgetTests {
  private struct Point: Equatable { var step: Int, name: String, value: Double }

  private let examples: Examples

  init() throws { examples = try GoldenCommands.examples(GoldenFolder.model("t5-v1.0")) }

  private func trainer(
    validation: Int = 3, _ change: (inout TrainingSchedule) -> Void
  ) throws -> Trainer {
    var schedule = TrainingSchedule()
    schedule.batchSize = 3
    schedule.dropout = 0.1
    schedule.sourceLength = 24
    schedule.targetLength = 8
    change(&schedule)
    return Trainer(
      backbone: try LoadedBackbone(directory: GoldenFolder.model("t5-v1.0").directory),
      method: PromptTuning(length: 3), schedule: schedule, seed: 2,
      examples: [.train: examples, .validation: examples.selecting(0..<validation)],
      metrics: [.accuracy], selection: .accuracy)
  }

  private func run(
    _ trainer: Trainer, from state: TrainingState? = nil, pausingAt pause: Int? = nil,
    checkpoint: (TrainingState) throws -> Void = { _ in }
  ) throws -> (points: [Point], state: TrainingState) {
    var points: [Point] = []
    let state = try withoutActuallyEscaping(checkpoint) { checkpoint in
      try trainer.train(
        from: state ?? trainer.initialState(), pausingAt: pause,
        .init(
          metric: { points.append(Point(step: $0, name: $1, value: $2)) }, checkpoint: checkpoint))
    }
    return (points, state)
  }

  private func bits(_ parameters: Parameters) -> [String: [UInt32]] {
    Dictionary(uniqueKeysWithValues: parameters.names.map { ($0, parameters[$0].bits) })
  }

  // MARK: Epochs

  @Test(
    "so many epochs read every example so many times",
    arguments: TrainingSchedule.Order.allCases, [nil, 30, 60])
  func wholeEpochs(order: TrainingSchedule.Order, tokens: Int?) throws {
    let trainer = try trainer {
      $0.order = order
      $0.batchTokens = tokens
      // Divides their number where batches run over the end of an epoch.
      $0.batchSize = 5
      $0.epochs = 3
    }
    #expect(examples.count == 10)
    let steps = try trainer.settled().schedule.steps
    var taken = try trainer.taskOrder()
    var counts: [Int: Int] = [:]
    for step in 0..<steps {
      for place in taken.batch(step).examples { counts[place, default: 0] += 1 }
    }
    #expect(counts == Dictionary(uniqueKeysWithValues: examples.indices.map { ($0, 3) }))
    if tokens == nil { #expect(steps == 6) }
  }

  @Test("a part of an epoch is counted to the step that is begun; there is always one")
  func partsOfEpochs() throws {
    func steps(_ epochs: Double, _ size: Int) throws -> Int {
      try trainer {
        $0.epochs = epochs
        $0.batchSize = size
        $0.steps = 77
      }.settled().schedule.steps
    }
    #expect(try steps(1, 3) == 4)
    #expect(try steps(3, 3) == 10)
    #expect(try steps(0.5, 1) == 5)
    #expect(try steps(0.55, 1) == 6)
    #expect(try steps(0.7, 1) == 7)
    #expect(try steps(0.001, 8) == 1)
    #expect(try trainer { $0.steps = 77 }.settled().schedule.steps == 77)
    let few = try trainer {
      $0.epochs = 0.5; $0.batchTokens = 40; $0.order = .sequential
    }
    let one = try trainer {
      $0.epochs = 1; $0.batchTokens = 40; $0.order = .sequential
    }
    let (half, whole) = (try few.settled().schedule.steps, try one.settled().schedule.steps)
    #expect(half == (whole + 1) / 2)
  }

  @Test("several tasks have the steps of all their examples")
  func tasks() throws {
    let single = try trainer {
      $0.epochs = 2; $0.batchSize = 4
    }
    let tasks = [3, 7].map { count in
      TrainingTask(
        "\(count)", examples: [.train: examples.selecting(0..<count)], metrics: [.accuracy],
        selection: .accuracy)
    }
    let both = Trainer(
      backbone: single.backbone, method: single.method, schedule: single.schedule, seed: 1,
      tasks: tasks)
    #expect(try both.settled().schedule.steps == 5)
  }

  @Test("a run of epochs is the run of as many steps, bit for bit, validated every tenth")
  func sameBits() throws {
    let epochs = try run(
      trainer {
        $0.epochs = 4; $0.warmup = 3
      })
    let steps = try run(
      trainer {
        $0.steps = 14; $0.warmup = 3
      })
    #expect(epochs.points == steps.points)
    #expect(epochs.state.step == 14)
    #expect(bits(epochs.state.parameters) == bits(steps.state.parameters))
    #expect(epochs.points.filter { $0.name == "validation/accuracy" }.count == 14)
  }

  @Test("a warm-up that is longer than the epochs take says so")
  func warmup() throws {
    let trainer = try trainer {
      $0.epochs = 1; $0.warmup = 5
    }
    let error = try #require(throws: TrainingError.self) { try run(trainer) }
    #expect(
      error.description
        == "the warm-up of 5 steps is longer than the 4 that 1 epoch of its examples take;"
        + " shorten it.")
    let timed = try self.trainer {
      $0.epochs = 0.1; $0.timing = .training
    }
    #expect(throws: TrainingError.self) { try timed.settled() }
  }

  // MARK: Seconds

  @Test("a run ends with the step that uses its seconds up, and is validated there")
  func seconds() throws {
    let trainer = try trainer {
      $0.steps = 100
      $0.seconds = 1e-9
      $0.evaluateEvery = 50
    }
    var kept: [Int] = []
    let (points, state) = try run(trainer) { kept.append($0.step) }
    #expect(state.step == 1)
    #expect(points.map(\.name) == ["train/loss", "validation/accuracy"])
    #expect(kept == [1])
    #expect(state.best?.step == 1)
    #expect(trainer.isDone(state))
  }

  @Test("the seconds of all attempts count, and those of validations do not")
  func secondsOfAttempts() throws {
    let trainer = try trainer {
      $0.steps = 9; $0.seconds = 1000; $0.evaluateEvery = 3
    }
    var state = try trainer.initialState()
    state.seconds = 5000
    state.trainingSeconds = 999.9999
    // An earlier attempt has left next to nothing.
    while state.trainingSeconds < 1000 {
      state = try run(trainer, from: state, pausingAt: state.step + 1).state
      guard state.step < 9 else { break }
    }
    #expect(trainer.isDone(state))
    state.trainingSeconds = 1000
    let again = try run(trainer, from: state)
    #expect(again.points.isEmpty)
    // Enough of them change nothing.
    let plain = try self.trainer {
      $0.steps = 9; $0.evaluateEvery = 3
    }
    let (a, b) = (try run(trainer), try run(plain))
    #expect(a.points == b.points)
    #expect(bits(a.state.parameters) == bits(b.state.parameters))
  }

  // MARK: Pausing

  @Test(
    "a run that was paused and went on from its file has the bits and points of one that was not",
    arguments: [4, 5])
  func pausing(step: Int) throws {
    let trainer = try trainer {
      $0.steps = 12; $0.evaluateEvery = 2
    }
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("\(UUID().uuidString).safetensors").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let whole = try run(trainer)
    let first = try run(trainer, pausingAt: step) { try $0.write(to: path, identity: "run") }
    #expect(first.state.step == step)
    #expect(!trainer.isDone(first.state))
    // A rung lies where the run is validated anyway; elsewhere a pause adds nothing.
    let last = first.points.last
    #expect(last?.step == step)
    #expect((last?.name == "validation/accuracy") == (step % 2 == 0))
    let kept = try TrainingState(contentsOf: path, identity: "run")
    #expect(kept.step == step)
    // It is there already.
    #expect(try run(trainer, from: kept, pausingAt: step).points.isEmpty)
    #expect(try run(trainer, from: kept, pausingAt: step - 1).points.isEmpty)
    let second = try run(trainer, from: kept)
    #expect(first.points + second.points == whole.points)
    #expect(bits(second.state.parameters) == bits(whole.state.parameters))
    #expect(second.state.best?.step == whole.state.best?.step)
  }

  @Test("a pause at the last step or later is the end of the run")
  func latePause() throws {
    let trainer = try trainer { $0.steps = 4 }
    for pause in [4, 9] {
      let (_, state) = try run(trainer, pausingAt: pause)
      #expect(state.step == 4 && trainer.isDone(state))
    }
  }
}
