import ArgumentParser
import Backbones
import Foundation
import NeuralNetworks

/// `dept backbones`: the catalogue of frozen models.
struct BackbonesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backbones", abstract: "List the backbones that are known by name.",
    discussion: "dept backbones --json")

  @OptionGroup var surroundingsOptions: SurroundingsOptions
  @Flag(help: "Print one JSON document.") var json = false

  private struct Row: Encodable {
    let name, title: String
    let parameters: Int?
    let available: Bool
    let directory: String?
  }

  func run() throws {
    let surroundings = surroundingsOptions.surroundings()
    let rows = BackboneCatalogue.standard.entries.map { entry in
      let directory = try? surroundings.backboneDirectory(entry.id)
      let architecture = try? BackboneCatalogue.standard.architecture(
        entry.id, directory: directory)
      return Row(
        name: entry.id.rawValue, title: entry.title,
        parameters: architecture.flatMap { try? $0.described().anatomy.scalarCount },
        available: directory != nil, directory: directory)
    }
    if json { return try Output.json(rows) }
    for row in rows {
      let name = row.name.padding(toLength: 12, withPad: " ", startingAt: 0)
      let title = row.title.padding(toLength: 20, withPad: " ", startingAt: 0)
      let state = row.available ? "available" : "dept fetch \(row.name)"
      print("\(name) \(title) \(row.parameters ?? 0) parameters, \(state)")
    }
  }
}
