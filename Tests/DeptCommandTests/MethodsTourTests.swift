import Foundation
import Testing

/// The shipped tour of the methods and a method of one's own, shortened to a few steps.
@Suite(
  .enabled(if: DeptProcess.isPossible, "dept or the tiny backbone was not built with the tests"))
struct MethodsTourTests {
  private static let experiments = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "experiments")

  /// An experiment that ships, with other numbers of steps and of validation examples.
  private func shortened(_ name: String, in process: DeptProcess) throws {
    var text = try String(contentsOf: Self.experiments.appending(path: name), encoding: .utf8)
    for (long, short) in [
      ("300, warmup: 30", "3"), ("every: 50, limit: 200", "every: 3, limit: 2"),
    ] {
      #expect(text.contains(long))
      text = text.replacing(long, with: short)
    }
    try process.write(text, to: name)
  }

  @Test("every method of the catalogue runs on the shipped backbone, with its cost in the report")
  func tour() throws {
    let process = try DeptProcess()
    defer { process.remove() }
    try shortened("methods-tour.swift", in: process)
    let outcome = try process.dept(
      "run", "methods-tour.swift", "--only", "seed = 1 and dataset = 'gen-sentiment'")
    #expect(outcome.code == 0, "\(outcome.errors)")
    let ran = try process.query("SELECT DISTINCT method FROM v_runs WHERE state = 'succeeded'")
    let methods = try process.dept("methods", "--json")
    let rows = try #require(
      try JSONSerialization.jsonObject(with: Data(methods.output.utf8)) as? [[String: Any]])
    for name in rows.compactMap({ $0["name"] as? String }) + ["stacked"] {
      #expect(ran.contains(name), "\(name) did not run: \(ran)")
    }
    let report = try process.read("reports/methods-tour/report.md")
    for title in ["HyperDecoder", "ATTEMPT", "SPoT", "DePT", "(IA)³"] {
      #expect(report.contains(title), "\(title)")
    }
    #expect(report.contains("Params") && report.localizedCaseInsensitiveContains("memory"))
  }

  @Test("a method that an experiment's file declares runs beside those of the catalogue")
  func own() throws {
    let process = try DeptProcess()
    defer { process.remove() }
    try shortened("own-method.swift", in: process)
    let outcome = try process.dept("run", "own-method.swift", "--only", "seed = 1")
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("3 succeeded"), "\(outcome.output)")
    let report = try process.read("reports/own-method/report.md")
    #expect(report.contains("sublayer-scaling") || report.contains("Sublayer scaling"))
  }
}
