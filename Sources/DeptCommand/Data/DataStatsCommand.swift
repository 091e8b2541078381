import ArgumentParser
import Backbones
import Datasets
import Foundation
import Tokenization

/// `dept data stats`: sizes, label balance and lengths.
struct DataStatsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stats", abstract: "Count a data set's examples, labels and lengths.",
    discussion: "dept data stats rte --backbone t5-base --json")

  @OptionGroup var surroundingsOptions: SurroundingsOptions
  @Argument(help: "A data set's name, or the path of own data.") var name: String
  @Option(help: "Lengths are counted in the tokens of this backbone (default: the shipped one).")
  var backbone: String?
  @OptionGroup var preparationOptions: PreparationOptions
  @Flag(help: "Print one JSON document.") var json = false

  private struct Answer: Encodable {
    let dataset: String
    /// `tokens`, or `words` where no vocabulary is at hand.
    let unit: String
    let splits: [String: Part]
  }

  private struct Part: Encodable {
    let examples: Int
    let labels: [String: Int]
    let source_length, target_length: Lengths?
  }

  private struct Lengths: Encodable {
    let min, p50, p90, p95, p99, max: Int
    let mean: Double

    init(_ lengths: LengthDistribution) {
      min = lengths.minimum
      p50 = lengths.median
      p90 = lengths.percentile90
      p95 = lengths.percentile95
      p99 = lengths.percentile99
      max = lengths.maximum
      mean = lengths.mean
    }
  }

  func run() throws {
    let surroundings = surroundingsOptions.surroundings()
    let dataset = try DatasetCatalogue.standard.dataset(DatasetID(rawValue: name))
    let tokenizer = try tokenizer(surroundings)
    let preparation = try preparationOptions.preparation(of: dataset)
    let prepared = try dataset.load(from: surroundings.dataDirectory, as: preparation)
    let labels = zip(dataset.labels, preparation.targets(of: dataset)).map {
      DatasetLabel($1, $0.meaning)
    }
    let statistics = DatasetStatistics(prepared, labels: labels) { text in
      tokenizer?.encode(text).count ?? DatasetStatistics.words(text)
    }
    let unit = tokenizer == nil ? "words" : "tokens"
    guard json else { return show(statistics, unit: unit) }
    var parts: [String: Part] = [:]
    for (split, part) in statistics.splits {
      parts[split.rawValue] = Part(
        examples: part.examples,
        labels: Dictionary(uniqueKeysWithValues: part.labels.map { ($0.target, $0.examples) }),
        source_length: part.source.map(Lengths.init), target_length: part.target.map(Lengths.init))
    }
    try Output.json(Answer(dataset: dataset.id.rawValue, unit: unit, splits: parts))
  }

  private func tokenizer(_ surroundings: Surroundings) throws -> (any Tokenizer)? {
    if let backbone { return try surroundings.tokenizer(of: BackboneID(rawValue: backbone)) }
    let shipped = BackboneCatalogue.standard.entry(.nano)?.shippedDirectory
    return try shipped.map { try openTokenizer(at: $0) }
  }

  private func show(_ statistics: DatasetStatistics, unit: String) {
    for split in Split.allCases {
      guard let part = statistics.splits[split] else { continue }
      print("\(split): \(part.examples) examples")
      for label in part.labels {
        let share = 100 * Double(label.examples) / Double(max(1, part.examples))
        let meaning = label.meaning.map { " (\($0))" } ?? ""
        print("  \(label.target)\(meaning): \(label.examples), \(share.rounded(to: 1)) %")
      }
      for (name, lengths) in [("source", part.source), ("target", part.target)] {
        guard let lengths else { continue }
        print(
          "  \(name) in \(unit): \(lengths.minimum) to \(lengths.maximum), "
            + "median \(lengths.median), 90 % up to \(lengths.percentile90), "
            + "99 % up to \(lengths.percentile99)")
      }
    }
  }
}
