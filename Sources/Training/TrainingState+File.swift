import Checkpoints
import Foundation
import TensorEngine

extension TrainingState {
  /// What a checkpoint's metadata says beside its tensors.
  private struct Header: Codable {
    var format = 1
    var identity: String
    var step: Int
    var seconds: Double
    var trainingSeconds: Double?
    var weightDecay: Float
    var bestStep: Int?
    var bestScores: [String: Double]?
    var progress: EarlyStopping.Standing?
  }

  private static let key = "dept.training"

  /// Writes a checkpoint; the old one stays whole until the new one is.
  ///
  /// - Parameter identity: names the run, so that another run does not resume from it.
  public func write(to path: String, identity: String) throws {
    let header = Header(
      identity: identity, step: step, seconds: seconds, trainingSeconds: trainingSeconds,
      weightDecay: optimizer.weightDecay, bestStep: best?.step, bestScores: best?.scores,
      progress: progress)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let text = String(decoding: try encoder.encode(header), as: UTF8.self)
    var writer = SafetensorsWriter(metadata: [Self.key: text])
    for (prefix, group) in groups {
      for name in group.names {
        try writer.add("\(prefix)/\(name)", shape: group[name].shape, floats: group[name].scalars)
      }
    }
    try writer.write(to: path)
  }

  /// Reads a checkpoint.
  ///
  /// - Throws: `TrainingError`, or `CheckpointError` for a damaged file.
  public init(contentsOf path: String, identity: String) throws {
    let file = try SafetensorsFile(path: path)
    guard let text = file.metadata[Self.key],
      let header = try? JSONDecoder().decode(Header.self, from: Data(text.utf8))
    else { throw TrainingError.malformedCheckpoint(path: path, reason: "it has no state") }
    guard header.identity == identity else { throw TrainingError.foreignCheckpoint(path: path) }
    func group(_ prefix: String) throws -> Parameters {
      var group = Parameters()
      for name in file.names where name.hasPrefix(prefix + "/") {
        let floats = try file.floats(named: name)
        let shape = try file.entry(named: name).shape
        group[String(name.dropFirst(prefix.count + 1))] = Tensor(floats, shape: shape)
      }
      return group
    }
    let parameters = try group("parameters")
    let (first, second) = (try group("first"), try group("second"))
    guard parameters.count > 0, first.names == parameters.names, second.names == parameters.names
    else {
      throw TrainingError.malformedCheckpoint(path: path, reason: "its tensors are incomplete")
    }
    var best: Best?
    if let step = header.bestStep {
      best = Best(parameters: try group("best"), step: step, scores: header.bestScores ?? [:])
    }
    self.init(
      step: header.step, parameters: parameters,
      optimizer: AdamW(
        weightDecay: header.weightDecay, first: first, second: second, step: header.step),
      best: best, progress: header.progress, seconds: header.seconds,
      trainingSeconds: header.trainingSeconds ?? header.seconds)
  }

  private var groups: [(String, Parameters)] {
    let own = [
      ("parameters", parameters), ("first", optimizer.first), ("second", optimizer.second),
    ]
    return own + (best.map { [("best", $0.parameters)] } ?? [])
  }
}
