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

  @Test("there are experiments to start from")
  func some() {
    #expect(Self.names.contains("quickstart.swift"))
  }
}
