import Documents
import Experiments
import Foundation
import Testing

@testable import ScriptRunner

@Suite(.enabled(if: ScriptWorkshop.isPossible, "the script library was not built with the tests"))
struct ShippedExperimentsTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "experiments")

  static let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
    .filter { $0.hasSuffix(".swift") }.sorted()

  @Test("every experiment that ships compiles, and plans without an issue", arguments: names)
  func experiment(name: String) async throws {
    let workshop = try ScriptWorkshop()
    defer { workshop.remove() }
    let script = try await workshop.compile(Self.folder.appending(path: name).path)
    let plan = try await script.plan(
      environment: ScriptWorkshop.environment, limit: .seconds(60)
    ).value
    #expect(plan.issues.isEmpty, "\(plan.issues.map(\.message))")
    #expect(!plan.runs.isEmpty)
  }

  @Test("every experiment that ships says in its report what it shows", arguments: names)
  func prose(name: String) async throws {
    let workshop = try ScriptWorkshop()
    defer { workshop.remove() }
    let script = try await workshop.compile(Self.folder.appending(path: name).path)
    let empty = ResultSet(experiment: "shipped", runs: [])
    let document = try await script.report(
      on: empty, environment: ScriptWorkshop.environment
    ).value
    #expect(document.faults.isEmpty, "\(document.faults)")
    // A title is no paragraph, and nor is a row of a table.
    let longest = document.blocks.compactMap { block in
      if case .note(let markdown) = block { markdown } else { nil }
    }
    .flatMap { $0.split(separator: "\n\n") }
    .filter { !$0.hasPrefix("#") && !$0.hasPrefix("|") }
    .map(\.count).max()
    #expect(longest ?? 0 >= 120, "the longest paragraph has \(longest ?? 0) characters")
    #expect(document.title != "shipped", "there is no heading in its notes")
  }

  @Test("there are experiments to start from, and the README lists them all")
  func listed() throws {
    #expect(Self.names.contains("quickstart.swift"))
    let readme = Self.folder.deletingLastPathComponent().appending(path: "README.md")
    let rows = try String(contentsOf: readme, encoding: .utf8).split(separator: "\n")
      .filter { $0.hasPrefix("| [") }.joined(separator: "\n")
    for name in Self.names {
      let link = "[`\(name.dropLast(".swift".count))`](experiments/\(name))"
      #expect(rows.contains(link), "\(link) is not in the table")
    }
  }
}
