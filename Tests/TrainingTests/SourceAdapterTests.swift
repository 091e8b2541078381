import Backbones
import Checkpoints
import DeptTesting
import Evaluation
import Foundation
import NeuralNetworks
import TensorEngine
import Testing
import Training
import TuningMethods

/// Runs that start from adapters of others.
@Suite struct SourceAdapterTests {
  /// Starts from the sum of the prompts of one to three other runs.
  private struct Summing: TuningMethod {
    static let name = "summing"
    static let title = "Summing"
    static let reference = Citation("none")
    var sources: ClosedRange<Int> { 1...3 }
    var defaultLearningRates: LearningRates { LearningRates(0.1) }

    func adapt(_ backbone: Anatomy, into adaptation: inout Adaptation) {
      guard let site = backbone.sourceInput else { return }
      let start = Initializer { shape, context in
        context.sources.reduce(.zeros(shape)) { $0 + $1["encoder.input/prompt"] }
      }
      let prompt = adaptation.parameter("sum", [3, site.output], start, at: site)
      adaptation.editInput(site) { input, pass in input.prepending(pass[prompt]) }
    }
  }

  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func trainer(_ method: any TuningMethod) throws -> Trainer {
    Trainer(
      backbone: try RandomBackbone(TinyBackbone.version10.configuration).load(), method: method,
      schedule: TrainingSchedule(), seed: 1, examples: [:], metrics: [.accuracy],
      selection: .accuracy)
  }

  /// An adapter of prompt tuning with the same number everywhere.
  private func adapter(_ value: Float, rows: Int = 3) throws -> String {
    let path = "\(folder.path)/\(value)-\(rows).safetensors"
    let width = TinyBackbone.version10.configuration.width
    try AdapterFile(
      method: "pt", hyperparameters: "{}", backbone: "tiny",
      parameters: [
        .init(
          name: "encoder.input/prompt", shape: [rows, width],
          values: Array(repeating: value, count: rows * width))
      ]
    ).write(to: path)
    return path
  }

  @Test("a method that asks for sources is given what they hold, in their order")
  func given() throws {
    let trainer = try trainer(Summing())
    let state = try trainer.initialState(from: [adapter(1), adapter(0.5)])
    #expect(Set(state.parameters["encoder.input/sum"].scalars) == [1.5])
    // A folder with an adapter will do.
    let path = try adapter(2)
    try FileManager.default.moveItem(
      atPath: path, toPath: "\(folder.path)/\(AdapterFile.fileName)")
    let other = try trainer.initialState(from: [folder.path])
    #expect(Set(other.parameters["encoder.input/sum"].scalars) == [2])
  }

  @Test("any other method starts from the values of one")
  func values() throws {
    let trainer = try trainer(PromptTuning(length: 3))
    let state = try trainer.initialState(from: [adapter(4)])
    #expect(Set(state.parameters["encoder.input/prompt"].scalars) == [4])
    #expect(state.step == 0 && state.best == nil)
    let own = try trainer.initialState()
    #expect(
      try trainer.initialState(from: []).parameters["encoder.input/prompt"].bits
        == own.parameters["encoder.input/prompt"].bits)
  }

  @Test("what does not fit is one sentence: numbers, shapes, files")
  func faults() throws {
    let plain = try trainer(PromptTuning(length: 3))
    let summing = try trainer(Summing())
    #expect(
      throws: TrainingError.wrongSourceCount(method: "pt", wanted: 0...0, found: 2)
    ) { try plain.initialState(from: [adapter(1), adapter(2)]) }
    #expect(
      throws: TrainingError.wrongSourceCount(method: "summing", wanted: 1...3, found: 0)
    ) { try summing.initialState(from: []) }
    #expect {
      try plain.initialState(from: [adapter(1, rows: 5)])
    } throws: { "\($0)".contains("[5, 16] in the file and [3, 16] in the method") }
    #expect(throws: CheckpointError.self) {
      try summing.initialState(from: ["\(folder.path)/nowhere.safetensors"])
    }
    let errors: [(TrainingError, String)] = [
      (
        .wrongSourceCount(method: "a", wanted: 0...0, found: 2),
        "'a' starts from the values of one adapter, and 2 are given; leave one."
      ),
      (
        .wrongSourceCount(method: "a", wanted: 1...1, found: 0),
        "'a' starts from 1 adapter, and 0 are given; name them with --source, or list their runs "
          + "in .after(Run(…))."
      ),
      (
        .wrongSourceCount(method: "a", wanted: 1...64, found: 65),
        "'a' starts from 1 to 64 adapters, and 65 are given; name them with --source, or list "
          + "their runs in .after(Run(…))."
      ),
    ]
    for (error, sentence) in errors { #expect("\(error)" == sentence) }
  }
}
