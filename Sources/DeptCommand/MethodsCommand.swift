import ArgumentParser
import Experiments
import Foundation
import TuningMethods

/// `dept methods`: the catalogue of tuning methods.
struct MethodsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "methods", abstract: "List the tuning methods with their hyperparameters.",
    discussion: "dept methods --json")

  @Flag(help: "Print one JSON document.") var json = false

  private struct Row: Encodable {
    let name, title, reference: String
    let hyperparameters: [String: JSONValue]
    let learningRate: Double
    let lowRankLearningRate: Double?
  }

  func run() throws {
    let rows = try MethodCatalogue.all.map { try row($0) }
    if json { return try Output.json(rows) }
    for row in rows {
      print("\(row.name.padding(toLength: 6, withPad: " ", startingAt: 0)) \(row.title)")
      print("       \(row.reference)")
      let settings = row.hyperparameters.compactMap { key, value -> String? in
        switch value {
        case .integer(let number): "\(key)=\(number)"
        case .number(let number): "\(key)=\(number)"
        case .string(let text): "\(key)=\(text)"
        default: nil
        }
      }
      if !settings.isEmpty { print("       \(settings.sorted().joined(separator: "  "))") }
    }
  }

  private func row(_ method: some TuningMethod) throws -> Row {
    let rates = method.defaultLearningRates
    return Row(
      name: type(of: method).name, title: type(of: method).title,
      reference: type(of: method).reference.description,
      hyperparameters: try JSONDecoder().decode(
        [String: JSONValue].self, from: JSONEncoder().encode(method)),
      learningRate: rates.main, lowRankLearningRate: rates.lowRank)
  }
}
