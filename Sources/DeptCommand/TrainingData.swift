import Datasets
import Foundation
import Training

/// What `dept train` learns: a data set or file as a rule, several for a multi-task run.
struct TrainingData {
  /// A data set or file, and what validates it instead of its own split.
  struct Part {
    let name: String
    let validation: String?
    let dataset: any Dataset
    let examples: [Split: [Example]]
  }

  let parts: [Part]

  /// - Parameters:
  ///   - names: data sets or JSON Lines files.
  ///   - validations: as many, or none.
  init(_ names: [String], validations: [String], _ surroundings: Surroundings) throws {
    guard validations.isEmpty || validations.count == names.count else {
      throw Failure(
        .usage,
        "There are \(names.count) --train and \(validations.count) --validation; give one for each "
          + "or none.")
    }
    if let twice = names.first(where: { name in names.count(where: { $0 == name }) > 1 }) {
      throw Failure(.usage, "--train \(twice) is given more than once; name each data set once.")
    }
    parts = try names.enumerated().map { index, name in
      try Self.part(name, validation: validations.isEmpty ? nil : validations[index], surroundings)
    }
  }

  /// The longest source that any of the data sets asks for, in tokens.
  var sourceLength: Int { parts.map(\.dataset.sourceLength).max() ?? 0 }
  /// The longest target that any of the data sets asks for, in tokens.
  var targetLength: Int { parts.map(\.dataset.targetLength).max() ?? 0 }

  /// As a trainer takes them.
  var tasks: [TrainingTask] {
    parts.map { part in
      TrainingTask(
        part.name, examples: part.examples, metrics: part.dataset.metrics,
        selection: part.dataset.selection, labels: part.dataset.labels.map(\.target))
    }
  }

  private static func part(
    _ name: String, validation: String?, _ surroundings: Surroundings
  ) throws -> Part {
    var held: [Example]?
    if let validation {
      held = try surroundings.examples(of: validation, standardSplit: .validation).1
    }
    if name.hasSuffix(".jsonl"), FileManager.default.fileExists(atPath: name) {
      let (dataset, training) = try surroundings.examples(of: name, standardSplit: .train)
      return Part(
        name: name, validation: validation, dataset: dataset,
        examples: [.train: training, .validation: held ?? []])
    }
    let dataset = try DatasetCatalogue.standard.dataset(DatasetID(rawValue: name))
    var splits = try dataset.load(from: surroundings.dataDirectory).splits
    if let held { splits[.validation] = held }
    return Part(name: name, validation: validation, dataset: dataset, examples: splits)
  }
}
