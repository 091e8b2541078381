import Foundation
import Testing

/// `dept adapter`, used as from a shell.
@Suite(
  .enabled(if: DeptProcess.isPossible, "dept or the tiny backbone was not built with the tests"))
struct AdapterCommandTests {
  private func scores(_ process: DeptProcess, _ backbone: String, _ adapter: String? = nil) throws
    -> [[Double]]
  {
    let words = adapter.map { ["--adapter", $0] } ?? []
    let outcome = try process.dept(
      ["score", "--backbone", backbone, "--input", "tiny/score.jsonl", "--output", "s.jsonl"]
        + words)
    #expect(outcome.code == 0, "\(outcome.errors)")
    return try process.read("s.jsonl").split(separator: "\n").map { line in
      let row = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      return row?["logprobs"] as? [Double] ?? []
    }
  }

  private func largestDifference(_ a: [[Double]], _ b: [[Double]]) -> Double {
    zip(a.joined(), b.joined()).map { abs($0 - $1) }.max() ?? .infinity
  }

  @Test("show says what an adapter is, as text and as JSON")
  func show() throws {
    let process = try DeptProcess()
    defer { process.remove() }
    let outcome = try process.dept("adapter", "show", "tiny/lora.adapter.safetensors", "--json")
    #expect(outcome.code == 0, "\(outcome.errors)")
    let content = try outcome.json()
    #expect(content["format"] as? String == "dept")
    #expect(content["method"] as? String == "lora")
    let tensors = try #require(content["tensors"] as? [[String: Any]])
    let first = try #require(tensors.first { $0["name"] as? String == "encoder.0.query/lora.a" })
    #expect((first["shape"] as? [Int])?.first == 40)
    #expect((first["norm"] as? Double ?? 0) > 0)
    let text = try process.dept("adapter", "show", "tiny/lora.adapter.safetensors")
    #expect(text.output.contains("method    lora"))
    #expect(text.output.contains("encoder.0.query/lora.a"))
    let missing = try process.dept("adapter", "show", "nowhere")
    #expect(missing.code == 66)
    #expect(missing.errors.contains("nowhere"))
  }

  @Test("an adapter goes to PEFT's form and back and scores the same")
  func convert() throws {
    let process = try DeptProcess()
    defer { process.remove() }
    let lora = "tiny/lora.adapter.safetensors"
    let there = try process.dept("adapter", "convert", lora, "peft", "--backbone", "./tiny")
    #expect(there.code == 0, "\(there.errors)")
    let shown = try process.dept("adapter", "show", "peft", "--json").json()
    #expect(shown["format"] as? String == "peft")
    #expect(shown["method"] as? String == "LORA")
    #expect(shown["backbone"] as? String == "./tiny")
    let back = try process.dept(
      "adapter", "convert", "peft", "back", "--backbone", "./tiny", "--to", "dept")
    #expect(back.code == 0, "\(back.errors)")
    #expect(
      try scores(process, "./tiny", "back/adapter.safetensors")
        == scores(process, "./tiny", lora))

    let already = try process.dept(
      "adapter", "convert", "peft", "x", "--backbone", "./tiny", "--to", "peft")
    #expect(already.code == 2)
    let refused = try process.dept(
      "adapter", "convert", "tiny/dept.adapter.safetensors", "x", "--backbone", "./tiny")
    #expect(refused.code == 65)
    #expect(refused.errors.contains("an adapter of 'dept' cannot be written for PEFT"))
    let foreign = try process.dept("adapter", "convert", "peft", "x", "--backbone", "nano")
    #expect(foreign.code == 65)
    #expect(foreign.errors.contains("cannot be read for this backbone"))
  }

  @Test("a folded adapter is a backbone that scores the same")
  func merge() throws {
    let process = try DeptProcess()
    defer { process.remove() }
    let lora = "tiny/lora.adapter.safetensors"
    let merged = try process.dept(
      "adapter", "merge", lora, "--backbone", "./tiny", "--output", "merged")
    #expect(merged.code == 0, "\(merged.errors)")
    let folded = try scores(process, "./merged")
    #expect(largestDifference(folded, try scores(process, "./tiny", lora)) < 1e-4)
    #expect(largestDifference(folded, try scores(process, "./tiny")) > 1e-3)
    let prompt = try process.dept(
      "adapter", "merge", "tiny/pt.adapter.safetensors", "--backbone", "./tiny", "--output", "x")
    #expect(prompt.code == 65)
    #expect(prompt.errors.contains("encoder.input"))
    let itself = try process.dept(
      "adapter", "merge", lora, "--backbone", "./tiny", "--output", "./tiny")
    #expect(itself.code == 2)
  }
}
