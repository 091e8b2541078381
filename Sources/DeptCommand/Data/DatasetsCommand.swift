import ArgumentParser
import Datasets
import Evaluation
import Fetching
import Foundation

/// `dept datasets`: the catalogue of data sets.
struct DatasetsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "datasets", abstract: "List the data sets that are known by name.",
    discussion: """
      Own data are given by their path instead of a name: a JSON Lines file, or a folder with \
      train.jsonl, validation.jsonl and test.jsonl.

      Example:
        dept datasets --json
      """)

  @OptionGroup var surroundingsOptions: SurroundingsOptions
  @Flag(help: "Print one JSON document.") var json = false

  private struct Row: Encodable {
    let name, title: String
    let aliases: [String]
    /// The first is the headline.
    let metrics: [String]
    let selection: String
    let labels: [DatasetLabel]
    let source_length, target_length: Int
    let urls: [String]
    let available: Bool
    let citation, licence: String
  }

  func run() throws {
    let surroundings = surroundingsOptions.surroundings()
    let datasets = DatasetCatalogue.standard.datasets
    if json {
      return try Output.json(datasets.map { row($0, surroundings) })
    }
    let width = datasets.map(\.id.rawValue.count).max() ?? 0
    for dataset in datasets {
      let columns = [
        dataset.id.rawValue.padding(toLength: width, withPad: " ", startingAt: 0),
        dataset.title.padding(toLength: 14, withPad: " ", startingAt: 0),
        dataset.headline.name.rawValue.padding(toLength: 12, withPad: " ", startingAt: 0),
        surroundings.has(dataset) ? "available" : "dept fetch \(dataset.id)",
      ]
      print(columns.joined(separator: " "))
    }
  }

  private func row(_ dataset: any Dataset, _ surroundings: Surroundings) -> Row {
    Row(
      name: dataset.id.rawValue, title: dataset.title, aliases: dataset.aliases.map(\.rawValue),
      metrics: dataset.metrics.map(\.name.rawValue), selection: dataset.selection.name.rawValue,
      labels: dataset.labels, source_length: dataset.sourceLength,
      target_length: dataset.targetLength, urls: dataset.sources.map(\.url),
      available: surroundings.has(dataset), citation: dataset.citation, licence: dataset.licence)
  }
}

extension Surroundings {
  /// Whether a data set can be loaded without fetching it.
  func has(_ dataset: any Dataset) -> Bool {
    guard let files = try? dataset.files(in: dataDirectory) else { return false }
    return files.allSatisfy { FileManager.default.fileExists(atPath: $0.path) }
  }

  /// What brings data sets or backbones here, as the environment allows.
  func fetcher(
    cache: URL, progress: @escaping @Sendable (FetchEvent) -> Void = { _ in }
  ) -> Fetcher {
    Fetcher(cache: cache, mirror: Mirror(mirror), offline: offline, progress: progress)
  }
}
