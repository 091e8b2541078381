import Backbones
import Datasets
import DeptTesting
import Evaluation
import Foundation
import TensorEngine
import Training
import TuningMethods

/// `commands.json` of a golden model: training, scores and answers on ten lines of text.
struct GoldenCommands: Decodable {
  struct Predicted: Decodable {
    var beams, newTokens: Int
    var text: String
  }

  struct Step: Decodable {
    var examples: [Int]
    var loss, initialLoss, gradientNorm, learningRateFactor: Double
  }

  struct Training: Decodable {
    var learningRate: Double
    var lowRankLearningRate: Double?
    var steps: [Step]
  }

  var sourceLength, targetLength, steps, warmup, batchSize: Int
  var clip: Double
  var sourceIds, targetIds: [[Int]]
  /// The lines of `train.jsonl` that are scored and answered: those that need no cutting.
  var scoreLines: [Int]
  var score: [String: [[Double]]]
  var predict: [String: [[Predicted]]]
  var train: [String: Training]

  init(_ golden: GoldenModel) throws { try self.init(in: golden.directory) }

  init(in directory: String) throws {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let url = URL(fileURLWithPath: "\(directory)/commands.json")
    self = try decoder.decode(GoldenCommands.self, from: Data(contentsOf: url))
  }

  static func examples(_ golden: GoldenModel) throws -> Examples {
    try examples(in: golden.directory)
  }

  static func examples(in directory: String) throws -> Examples {
    struct Line: Decodable { var source, target: String }
    let url = URL(fileURLWithPath: "\(directory)/train.jsonl")
    let lines = try Data(contentsOf: url).split(separator: UInt8(ascii: "\n"))
    return Examples(
      try lines.map {
        let line = try JSONDecoder().decode(Line.self, from: $0)
        return Example(source: line.source, target: line.target)
      })
  }

  /// The schedule that `train` describes.
  func schedule(_ rates: Training?) -> TrainingSchedule {
    var schedule = TrainingSchedule()
    schedule.steps = steps
    schedule.warmup = warmup
    schedule.batchSize = batchSize
    schedule.clip = clip
    schedule.dropout = 0
    schedule.order = .sequential
    schedule.learningRate = rates?.learningRate ?? 0
    schedule.lowRankLearningRate = rates?.lowRankLearningRate
    schedule.sourceLength = sourceLength
    schedule.targetLength = targetLength
    return schedule
  }

  /// The run that `train` describes, for one method.
  func trainer(
    _ golden: GoldenModel, _ method: any TuningMethod, storing dtype: DType = .float32,
    _ change: (inout TrainingSchedule) -> Void = { _ in }
  ) throws -> Trainer {
    var schedule = schedule(train[type(of: method).name])
    change(&schedule)
    return Trainer(
      backbone: try LoadedBackbone(directory: golden.directory, storing: dtype),
      method: method, schedule: schedule, seed: 0, examples: [.train: try Self.examples(golden)],
      metrics: [.accuracy], selection: .accuracy)
  }

  /// The state training starts from: the adapter file, read as `--init` reads it.
  static func start(_ golden: GoldenModel, _ trainer: Trainer) throws -> TrainingState {
    let name = type(of: trainer.method).name
    guard name != FullFineTuning.name else { return try trainer.initialState() }
    let parameters = try Parameters(
      adapterAt: "\(golden.directory)/\(name).adapter.safetensors", for: trainer.adaptation())
    return TrainingState(parameters: parameters, weightDecay: trainer.schedule.weightDecay)
  }
}
