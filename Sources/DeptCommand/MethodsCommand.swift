import ArgumentParser
import Backbones
import Experiments
import Foundation
import NeuralNetworks
import TuningMethods

/// `dept methods`: the catalogue of tuning methods.
struct MethodsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "methods",
    abstract: "List the tuning methods: formulas, papers, hyperparameters and their defaults.",
    discussion: """
      dept methods --json
      dept methods --markdown     # the table of the README

      Counts are of T5-base with the defaults; 'dept params' counts for any backbone.
      """)

  @Flag(help: "Print one JSON document.") var json = false
  @Flag(help: "Print a Markdown table.") var markdown = false

  func run() throws {
    let rows = try MethodCatalogue.all.map { try MethodRow($0) }
    if json { return try Output.json(rows) }
    if markdown { return print(MethodRow.markdown(rows)) }
    let width = rows.map(\.name.count).max() ?? 0
    let margin = String(repeating: " ", count: width + 1)
    for row in rows {
      print("\(row.name.padding(toLength: width, withPad: " ", startingAt: 0)) \(row.title)")
      print("\(margin)\(row.formula)")
      print("\(margin)\(row.reference)")
      let rates = row.lowRankLearningRate.map { "\(row.learningRate) and \($0)" }
      print(
        "\(margin)trains \(row.trainable) of T5-base; learning rate "
          + (rates ?? "\(row.learningRate)"))
      if let note = row.countNote { print("\(margin)\(note)") }
      if !row.settings.isEmpty { print("\(margin)\(row.settings.joined(separator: "  "))") }
    }
  }
}

/// What is told about one method.
struct MethodRow: Encodable {
  let name, title, formula, reference: String
  let arXiv, countNote: String?
  let hyperparameters: [String: JSONValue]
  let learningRate: Double
  let lowRankLearningRate: Double?
  /// Scalars that it trains on T5-base with its defaults.
  let trainable: Int

  init(_ method: some TuningMethod) throws {
    let kind = type(of: method)
    let rates = method.defaultLearningRates
    name = kind.name
    title = kind.title
    formula = kind.formula
    reference = kind.reference.description
    arXiv = kind.reference.arXiv
    countNote = kind.countNote
    hyperparameters = try JSONDecoder().decode(
      [String: JSONValue].self, from: JSONEncoder().encode(method))
    learningRate = rates.main
    lowRankLearningRate = rates.lowRank
    trainable = method.adaptation(of: try T5.described(.base).anatomy).scalarCount
  }

  /// The hyperparameters that `--set` takes as they are, `key=value`, sorted.
  var settings: [String] {
    hyperparameters.compactMap { key, value -> String? in
      switch value {
      case .integer(let number): "\(key)=\(number)"
      case .number(let number): "\(key)=\(number)"
      case .string(let text): "\(key)=\(text)"
      case .bool(let flag): "\(key)=\(flag)"
      default: nil
      }
    }.sorted()
  }

  /// The table that the README shows.
  static func markdown(_ rows: [MethodRow]) -> String {
    let head = [
      "| name | method | computes | trains, of T5-base | paper |", "|---|---|---|---|---|",
    ]
    return
      (head
      + rows.map { row in
        let count = row.trainable.formatted(.number.locale(Locale(identifier: "en_US")))
        let formula = row.formula.replacing("|", with: "\\|")
        return "| `\(row.name)` | \(row.title) | \(formula) | \(count) | \(row.arXiv ?? "") |"
      }).joined(separator: "\n")
  }
}
