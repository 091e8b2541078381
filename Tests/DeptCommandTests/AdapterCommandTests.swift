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

  @Test("no command writes over what it reads, however the folder is spelt")
  func sameFolder() throws {
    let process = try DeptProcess()
    defer { process.remove() }
    let copied = try process.shell(
      "mkdir own && cp tiny/config.json tiny/model.safetensors tiny/spiece.model"
        + " tiny/tokenizer_config.json own && ln -s own link && mkdir file"
        + " && cp tiny/lora.adapter.safetensors file/adapter.safetensors")
    #expect(copied.code == 0)
    let before = try process.shell("cksum own/* file/*").output
    for output in ["own/", "./file/../own", "link", "own"] {
      let merged = try process.dept(
        "adapter", "merge", "tiny/lora.adapter.safetensors", "--backbone", "./own", "--output",
        output)
      #expect(merged.code == 2 && merged.errors.contains("backbone itself"), "\(merged)")
    }
    let converted = try process.dept(
      "adapter", "convert", "file", "./file/", "--backbone", "./own")
    #expect(converted.code == 2 && converted.errors.contains("one form"), "\(converted)")
    #expect(try process.shell("cksum own/* file/*").output == before)
    let onto = try process.dept(
      "adapter", "merge", "file", "--backbone", "./own", "--output", "own/config.json")
    #expect(onto.code == 65 && onto.errors.split(separator: "\n").count == 1, "\(onto)")
  }

  @Test("what an adapter file says of its method is read, changed by --set, or refused")
  func hyperparameters() throws {
    let process = try DeptProcess()
    defer { process.remove() }
    let lora = "tiny/lora.adapter.safetensors"
    func score(_ words: String...) throws -> DeptProcess.Outcome {
      try process.dept(
        ["score", "--backbone", "./tiny", "--input", "tiny/score.jsonl", "--output", "s.jsonl"]
          + words)
    }
    #expect(try score("--adapter", lora).code == 0)
    let plain = try process.read("s.jsonl")
    #expect(try score("--adapter", lora, "--set", "alpha=60").code == 0)
    #expect(try process.read("s.jsonl") != plain)
    #expect(try score("--set", "alpha=60").code == 2)
    // The same bytes with hyperparameters that are none.
    var file = try Data(contentsOf: process.folder.appending(path: lora))
    let said = try #require(file.range(of: Data(#"{\"alpha\":"#.utf8)))
    file.replaceSubrange(said, with: Data(#"[\"alpha\":"#.utf8))
    try file.write(to: process.folder.appending(path: "broken.safetensors"))
    let broken = try score("--adapter", "broken.safetensors")
    #expect(broken.code == 65 && broken.errors.contains("no JSON object"), "\(broken)")
    let bench = try process.dept(
      "bench", "train", "--backbone", "./tiny", "--random", "--method", "adapterdrop", "--set",
      "droppedLayers=9", "--steps", "1")
    #expect(bench.code == 2 && bench.errors.contains("9 layers"), "\(bench)")
    for (setting, word) in [("rank=1.5", "'rank'"), ("rank=x", "'rank'")] {
      let params = try process.dept(
        "params", "--backbone", "t5-base", "--method", "lora", "--set", setting)
      #expect(params.code == 2 && params.errors.contains(word), "\(params)")
    }
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
