import ArgumentParser
import Datasets
import Foundation

/// `dept data show`: the examples as a model sees them.
struct DataShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Print the first prepared examples of a split.",
    discussion: """
      dept data show cb --split test --limit 2 --json
      dept data show rte --template "{sentence1} Does it follow that {sentence2}?" \\
        --label-words yes,no
      dept data show ./reviews.csv --template "review: {text}" --target-column stars
      """)

  @OptionGroup var surroundingsOptions: SurroundingsOptions
  @Argument(help: "A data set's name, or the path of own data.") var name: String
  @Option(help: "train, validation or test (default: train, or that of NAME:split).")
  var split: Split?
  @Option(help: "At most so many examples; 0: all.") var limit = 5
  @OptionGroup var preparationOptions: PreparationOptions
  @Flag(help: "Print one JSON array of {\"source\",\"target\",\"references\"}.") var json = false

  func validate() throws {
    guard limit >= 0 else { throw ValidationError("--limit counts examples: 0 or more") }
  }

  func run() throws {
    let surroundings = surroundingsOptions.surroundings()
    let (id, named) =
      try OwnDataset.isPath(DatasetID(rawValue: name))
      ? (DatasetID(rawValue: name), nil) : Surroundings.parts(of: name)
    let split = split ?? named ?? .train
    let dataset = try DatasetCatalogue.standard.dataset(id)
    let preparation = try preparationOptions.preparation(of: dataset)
    let prepared = try dataset.load(from: surroundings.dataDirectory, as: preparation)
    let examples = prepared[split]
    let shown = Array(limit == 0 ? examples[...] : examples.prefix(limit))
    if json { return try Output.json(shown) }
    for (number, example) in shown.enumerated() {
      if number > 0 { print() }
      print("source: \(example.source)")
      let meaning = meaning(preparation.ownWord(for: example.target), dataset)
      print("target: \(example.target)\(meaning)")
      let others = example.references.filter { $0 != example.target }
      let heading = example.references.contains(example.target) ? "also right" : "right alone"
      if !others.isEmpty { print("\(heading): \(others.joined(separator: " | "))") }
    }
    Output.note("\(shown.count) of \(examples.count) \(split) examples")
  }

  private func meaning(_ target: String, _ dataset: any Dataset) -> String {
    dataset.labels.first { $0.target == target }.map { " (\($0.meaning))" } ?? ""
  }
}
