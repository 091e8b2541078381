import Backbones
import Datasets
import Foundation
import Scheduling
import Training

/// What `dept train` learns: a data set or file as a rule, several for a multi-task run.
struct TrainingData {
  /// A data set or file, and what validates it instead of its own split.
  struct Part {
    let name: String
    let validation: String?
    let dataset: any Dataset
    let examples: [Split: Examples]
    let preparation: Preparation
  }

  let parts: [Part]

  /// - Parameters:
  ///   - names: data sets or JSON Lines files.
  ///   - validations: as many, or none.
  init(
    _ names: [String], validations: [String], _ options: PreparationOptions,
    _ surroundings: Surroundings
  ) throws {
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
      try Self.part(
        name, validation: validations.isEmpty ? nil : validations[index], options, surroundings)
    }
  }

  /// The longest source that any of the data sets asks for, in tokens.
  var sourceLength: Int { parts.map(\.dataset.sourceLength).max() ?? 0 }
  /// The longest target that any of the data sets asks for, in tokens.
  var targetLength: Int { parts.map(\.dataset.targetLength).max() ?? 0 }

  /// The training examples of all together.
  var trainingCount: Int { parts.reduce(0) { $0 + ($1.examples[.train]?.count ?? 0) } }

  /// As a trainer takes them, with the ids of data sets where they can be kept.
  func tasks(
    on backbone: LoadedBackbone, _ id: BackboneID, _ surroundings: Surroundings
  ) -> [TrainingTask] {
    let files = surroundings.fileDigests
    defer { files.save() }
    let digests = surroundings.planDigests(files)
    return parts.map { part in
      var task = TrainingTask(
        part.name, PreparedDataset(part.dataset.id, part.examples), of: part.dataset,
        wording: part.preparation)
      // A file that is named is trained on as a whole: those are not the ids of its splits.
      guard !FileManager.default.fileExists(atPath: part.name) else { return task }
      let key = try? digests.tokenKey(
        of: part.dataset.id, as: part.preparation, id,
        in: surroundings.backboneDirectory(id), files)
      if let key {
        task.tokens = TokenCache(directory: surroundings.tokenDirectory).tokens(
          of: task[.train], .train, key: key, text: backbone.text, threads: surroundings.threads)
      }
      return task
    }
  }

  private static func part(
    _ name: String, validation: String?, _ options: PreparationOptions,
    _ surroundings: Surroundings
  ) throws -> Part {
    var held: Examples?
    if let validation {
      held = try surroundings.examples(of: validation, standardSplit: .validation, options).examples
    }
    if OwnDataset.isFile(name), FileManager.default.fileExists(atPath: name) {
      let (dataset, training, preparation) = try surroundings.examples(
        of: name, standardSplit: .train, options)
      return Part(
        name: name, validation: validation, dataset: dataset,
        examples: [.train: training, .validation: held ?? []], preparation: preparation)
    }
    let dataset = try DatasetCatalogue.standard.dataset(DatasetID(rawValue: name))
    let preparation = try options.preparation(of: dataset)
    var splits = try dataset.load(from: surroundings.dataDirectory, as: preparation).splits
    if let held { splits[.validation] = held }
    return Part(
      name: name, validation: validation, dataset: dataset, examples: splits,
      preparation: preparation)
  }
}
