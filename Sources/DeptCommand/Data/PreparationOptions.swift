import ArgumentParser
import Datasets
import Foundation

/// How the items of a data set become examples, where that is not as the data set has it.
struct PreparationOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What the model reads: '{premise} Question: {hypothesis}?' (default: the data set's).",
      valueName: "text"))
  var template: String?
  @Option(
    help: ArgumentHelp(
      "What the model writes for each class: 0=no,1=yes, or no,yes in the order of the labels.",
      valueName: "words"))
  var labelWords: String?
  @Option(help: "The column of own data with what the model writes (default: target).")
  var targetColumn: String?
  @Flag(help: "Repeat what the code behind the paper's numbers does, mistakes included.")
  var asPublished = false

  /// Whether nothing is asked for.
  var isStandard: Bool {
    template == nil && labelWords == nil && targetColumn == nil && !asPublished
  }

  /// The preparation of a data set.
  ///
  /// - Parameter standard: what is meant where nothing is asked for and the data set can do it.
  /// - Throws: `Failure` for what it cannot do.
  func preparation(
    of dataset: any Dataset, orElse standard: Preparation = .standard
  ) throws -> Preparation {
    if isStandard { return standard.problems(with: dataset).isEmpty ? standard : .standard }
    var preparation = Preparation(
      targetColumn: targetColumn, form: asPublished ? .asPublished : .corrected)
    do {
      preparation.template = try template.map { try Template($0) }
    } catch {
      throw Failure(.usage, "\(error)")
    }
    preparation.labelWords = try labelWords.map { try words($0, of: dataset) }
    let problems = preparation.problems(with: dataset)
    guard problems.isEmpty else { throw Failure(.usage, problems.joined(separator: "; ")) }
    return preparation
  }

  private func words(_ text: String, of dataset: any Dataset) throws -> [String: String] {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map {
      $0.trimmingCharacters(in: .whitespaces)
    }
    let pairs = parts.map { $0.split(separator: "=", maxSplits: 1).map(String.init) }
    if !pairs.isEmpty, pairs.allSatisfy({ $0.count == 2 }) {
      if let twice = pairs.first(where: { pair in pairs.count { $0[0] == pair[0] } > 1 }) {
        throw Failure(
          .usage, "--label-words gives '\(twice[0])' more than one word; leave one of them out")
      }
      return Dictionary(pairs.map { ($0[0], $0[1]) }) { first, _ in first }
    }
    let labels = dataset.labels.map(\.target)
    guard !labels.isEmpty else {
      throw Failure(
        .usage,
        dataset is OwnDataset
          ? "--label-words \(text): own data have no order of classes; give CLASS=WORD pairs, "
            + "such as 1=yes,0=no"
          : "--label-words \(text): the answers of '\(dataset.id)' are no classes; leave it out")
    }
    guard pairs.allSatisfy({ $0.count == 1 }), parts.count == labels.count else {
      throw Failure(
        .usage,
        "--label-words \(text): '\(dataset.id)' has \(labels.count) classes "
          + "(\(labels.joined(separator: ", "))); give a word for each, or CLASS=WORD pairs")
    }
    return Dictionary(zip(labels, parts)) { first, _ in first }
  }
}
