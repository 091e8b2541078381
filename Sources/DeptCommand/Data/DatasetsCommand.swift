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
      Own data are given by their path instead of a name: a .jsonl, .csv or .tsv file, or a folder \
      with train, validation and test files of one of these kinds.

      Examples:
        dept datasets rte
        dept datasets --json
      """)

  @OptionGroup var surroundingsOptions: SurroundingsOptions
  @Argument(help: "Tell everything about these alone.") var names: [String] = []
  @Flag(help: "Print one JSON document.") var json = false
  @Flag(help: "Print a table in Markdown.") var markdown = false

  private struct Row: Encodable {
    let name, title: String
    let aliases: [String]
    /// The first is the headline.
    let metrics: [String]
    let selection: String
    let labels: [DatasetLabel]
    let source_length, target_length: Int
    let template: String?
    /// What a template can name.
    let fields: [String]
    /// What `--as-published` does otherwise.
    let as_published: String?
    let urls, image_urls: [String]
    let available: Bool
    let citation, licence: String
  }

  func run() throws {
    let surroundings = surroundingsOptions.surroundings()
    let catalogue = DatasetCatalogue.standard
    let datasets =
      try names.isEmpty
      ? catalogue.datasets : names.map { try catalogue.dataset(DatasetID(rawValue: $0)) }
    if markdown { return print(Self.table(datasets)) }
    if json {
      return try Output.json(datasets.map { row($0, surroundings) })
    }
    if !names.isEmpty {
      for dataset in datasets { describe(dataset, surroundings) }
      return
    }
    let width = datasets.map(\.id.rawValue.count).max() ?? 0
    let titleWidth = datasets.map(\.title.count).max() ?? 0
    for dataset in datasets {
      let columns = [
        dataset.id.rawValue.padding(toLength: width, withPad: " ", startingAt: 0),
        dataset.title.padding(toLength: titleWidth, withPad: " ", startingAt: 0),
        dataset.headline.name.rawValue.padding(toLength: 12, withPad: " ", startingAt: 0),
        surroundings.has(dataset) ? "available" : "dept fetch \(dataset.id)",
      ]
      print(columns.joined(separator: " "))
    }
  }

  /// What the README shows of the data sets that are downloaded.
  static func table(_ datasets: [any Dataset]) -> String {
    let rows = datasets.filter { !$0.sources.isEmpty }.map { dataset in
      let names = ([dataset.id] + dataset.aliases).map { "`\($0)`" }.joined(separator: " ")
      let metrics = dataset.metrics.map(\.name.rawValue).joined(separator: ", ")
      let template = dataset.template.map { "`\($0.text)`" } ?? "made as whole texts"
      return "| \(names) | \(dataset.title) | \(metrics) | \(template) |"
    }
    return (["| name | data set | metrics | what the model reads |", "|---|---|---|---|"] + rows)
      .joined(separator: "\n")
  }

  private func describe(_ dataset: any Dataset, _ surroundings: Surroundings) {
    print("\(dataset.id): \(dataset.title)")
    func line(_ name: String, _ text: String) { if !text.isEmpty { print("  \(name): \(text)") } }
    line("also called", dataset.aliases.map(\.rawValue).joined(separator: ", "))
    line("template", dataset.template?.text ?? "")
    line("a template can name", dataset.fields.map { "{\($0)}" }.joined(separator: " "))
    line(
      "labels",
      dataset.labels.map { "\($0.target) (\($0.meaning))" }.joined(separator: ", "))
    line("metrics", dataset.metrics.map(\.name.rawValue).joined(separator: ", "))
    line("selected by", dataset.selection.name.rawValue)
    line("longest source", "\(dataset.sourceLength) tokens")
    line("with --as-published", dataset.publishedDifference ?? "")
    line("citation", dataset.citation)
    line("licence", dataset.licence)
    line("from", dataset.sources.map(\.url).joined(separator: ", "))
    line("images from", dataset.images.map(\.url).joined(separator: ", "))
    line("here", surroundings.has(dataset) ? "yes" : "no: dept fetch \(dataset.id)")
  }

  private func row(_ dataset: any Dataset, _ surroundings: Surroundings) -> Row {
    Row(
      name: dataset.id.rawValue, title: dataset.title, aliases: dataset.aliases.map(\.rawValue),
      metrics: dataset.metrics.map(\.name.rawValue), selection: dataset.selection.name.rawValue,
      labels: dataset.labels, source_length: dataset.sourceLength,
      target_length: dataset.targetLength, template: dataset.template?.text,
      fields: dataset.fields, as_published: dataset.publishedDifference,
      urls: dataset.sources.map(\.url), image_urls: dataset.images.map(\.url),
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
