import Experiments
import Foundation
import Testing

@testable import ScriptRunner

@Suite struct PlanFileTests {
  private func read(_ text: String) throws -> RunPlan {
    let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).json")
    try Data(text.utf8).write(to: path)
    defer { try? FileManager.default.removeItem(at: path) }
    return try PlanFile.read(path.path)
  }

  @Test("a plan that was written is read")
  func plan() throws {
    #expect(try read(#"{"format": 1, "runs": [], "issues": []}"#) == RunPlan(runs: []))
  }

  @Test(
    "what is wrong with a plan is named",
    arguments: [
      ("nonsense", "it is not JSON"), (#"{"format": 1}"#, "runs is missing"),
      (
        #"{"format": 1, "runs": [{"spec": 3}], "issues": []}"#,
        "runs[0].spec has a value of another"
      ),
      (#"{"format": 7, "runs": []}"#, "is a plan of format 7, and this dept reads 1"),
      (#"{"format": 1, "runs": [{"spec": {"backbone": "nano"}}], "issues": []}"#, "is missing"),
    ])
  func malformed(text: String, sentence: String) throws {
    let error = #expect(throws: ScriptError.self) { try read(text) }
    #expect(error?.description.contains(sentence) == true, "\(error?.description ?? "")")
  }

  @Test("a missing plan is missing")
  func missing() {
    #expect(throws: ScriptError.notFound(path: "no.json")) { try PlanFile.read("no.json") }
  }
}
