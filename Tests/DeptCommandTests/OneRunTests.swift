import Foundation
import Testing

/// The commands about one run, used as from a shell, beside what PyTorch and transformers say.
@Suite(
  .enabled(if: DeptProcess.isPossible, "dept or the tiny backbone was not built with the tests"))
struct OneRunTests {
  @Test(
    "twelve losses of a training are PyTorch's",
    arguments: [
      ["pt", "length=4"], ["dept", "promptLength=3", "rank=2", "sourceLength=24"],
    ])
  func training(method: [String]) throws {
    let process = try DeptProcess()
    defer { process.remove() }
    let golden = try Self.golden()
    let training = try #require((golden["train"] as? [String: [String: Any]])?[method[0]])
    var arguments = [
      "train", "--backbone", "./tiny", "--method", method[0], "--train", "tiny/train.jsonl",
      "--steps", "12", "--warmup", "3", "--batch-size", "4", "--order", "sequential",
      "--dropout", "0", "--source-length", "24", "--target-length", "8",
      "--learning-rate", "\(try #require(training["learning_rate"]))",
      "--init", "tiny/\(method[0]).adapter.safetensors", "--output", "out",
    ]
    for setting in method.dropFirst() { arguments += ["--set", setting] }
    if let rate = training["low_rank_learning_rate"] as? Double {
      arguments += ["--low-rank-learning-rate", "\(rate)"]
    }
    let outcome = try process.dept(arguments)
    #expect(outcome.code == 0, "\(outcome.errors)")
    let losses = try Self.lines(process.read("out/metrics.jsonl"))
      .filter { $0["name"] as? String == "train/loss" }
    let expected = try #require(training["steps"] as? [[String: Any]])
    #expect(losses.map { $0["step"] as? Int } == Array(1...12))
    for (found, wanted) in zip(losses, expected) {
      let (value, loss) = (found["value"] as? Double ?? .nan, wanted["loss"] as? Double ?? 0)
      #expect(abs(value - loss) < 1e-3)
    }
    // The same again gives the same bytes.
    let first = try Data(contentsOf: process.folder.appending(path: "out/adapter.safetensors"))
    let again = try process.dept(arguments.map { $0 == "out" ? "again" : $0 })
    #expect(again.code == 0)
    let second = try Data(contentsOf: process.folder.appending(path: "again/adapter.safetensors"))
    #expect(first == second)
  }
  @Test("scores are transformers'")
  func scores() throws {
    let process = try DeptProcess()
    defer { process.remove() }
    let golden = try Self.golden()
    for key in ["none", "dept"] {
      let adapter = key == "none" ? [] : ["--adapter", "tiny/\(key).adapter.safetensors"]
      let outcome = try process.dept(
        [
          "score", "--backbone", "./tiny", "--input", "tiny/score.jsonl", "--output",
          "scored.jsonl",
        ]
          + adapter)
      #expect(outcome.code == 0, "\(outcome.errors)")
      let expected = try #require((golden["score"] as? [String: [[Double]]])?[key])
      let rows = try Self.lines(process.read("scored.jsonl"))
      #expect(rows.count == expected.count)
      for (row, wanted) in zip(rows, expected) {
        let found = row["logprobs"] as? [Double] ?? []
        #expect(found.count == wanted.count)
        #expect(zip(found, wanted).allSatisfy { abs($0 - $1) < 1e-4 })
      }
    }
  }

  @Test("what was trained is evaluated, asked and counted")
  func use() throws {
    let process = try DeptProcess()
    defer { process.remove() }
    let trained = try process.dept(
      "train", "--backbone", "./tiny", "--method", "lora", "--set", "rank=2", "--train",
      "tiny/train.jsonl", "--validation", "tiny/score.jsonl", "--steps", "3", "--output", "out")
    #expect(trained.code == 0, "\(trained.errors)")
    #expect(trained.output.contains("validation accuracy"))
    let judged = try process.dept(
      "evaluate", "--backbone", "./tiny", "--adapter", "out", "--data", "tiny/score.jsonl",
      "--json")
    #expect(judged.code == 0, "\(judged.errors)")
    let judgement = try judged.json()
    #expect(judgement["examples"] as? Int == 8)
    let scores = try #require(judgement["scores"] as? [String: Double])
    #expect(scores.keys.sorted() == ["accuracy", "squad-f1"])
    #expect(scores.values.allSatisfy { (0...1).contains($0) })
    let predicted = try process.dept(
      ["predict", "--backbone", "./tiny", "--adapter", "out"], input: "soup\na quiet room\n")
    #expect(predicted.code == 0, "\(predicted.errors)")
    #expect(predicted.output.split(separator: "\n", omittingEmptySubsequences: false).count == 3)
    let counted = try process.dept(
      "params", "--backbone", "t5-base", "--method", "dept", "--set", "promptLength=40", "--set",
      "rank=45", "--json")
    #expect(try counted.json()["trainable"] as? Int == 76_800)
  }

  @Test("a step may have a budget of tokens, and an answer may be a label")
  func choices() throws {
    let process = try DeptProcess()
    defer { process.remove() }
    let data = ["--train", "gen-sentiment", "--validation", "gen-sentiment:validation"]
    let trained = try process.dept(
      ["train", "--backbone", "./tiny", "--method", "pt", "--set", "length=2", "--steps", "2"]
        + data + [
          "--batch-tokens", "100", "--order", "bucketed", "--decode", "labels", "--evaluate-every",
          "2", "--output", "out",
        ])
    #expect(trained.code == 0, "\(trained.errors)")
    let record = try JSONSerialization.jsonObject(with: Data(process.read("out/run.json").utf8))
    let schedule = try #require((record as? [String: Any])?["schedule"] as? [String: Any])
    // What the run can be made again from.
    let settings = (record as? [String: Any])?["hyperparameters"] as? [String: Any]
    #expect(settings?.isEmpty == false)
    #expect(((record as? [String: Any])?["train"] as? [String])?.count == 1)
    #expect(schedule["batchTokens"] as? Int == 100)
    #expect(schedule["order"] as? String == "bucketed")
    #expect(schedule["decoding"] as? String == "labels")
    let adapter = ["--backbone", "./tiny", "--adapter", "out", "--decode", "labels"]
    let judged = try process.dept(
      ["evaluate", "--data", "gen-sentiment:validation", "--json"] + adapter)
    #expect(judged.code == 0, "\(judged.errors)")
    let accuracy = try #require((judged.json()["scores"] as? [String: Double])?["accuracy"])
    let recorded = try #require((record as? [String: Any])?["scores"] as? [String: Any])
    #expect((recorded["validation"] as? [String: Double])?["accuracy"] == accuracy)
    // A random model writes no label; one that chooses among them is right now and then.
    #expect((0.2...0.8).contains(accuracy))
    let answers = try process.dept(
      ["predict", "--label", "left", "--label", "right"] + adapter, input: "soup\na room\n")
    #expect(answers.code == 0, "\(answers.errors)")
    let lines = answers.output.split(separator: "\n").map(String.init)
    #expect(lines.count == 2 && lines.allSatisfy(["left", "right"].contains))
  }

  @Test("one adapter serves several tasks: trained, judged and counted")
  func tasks() throws {
    let process = try DeptProcess()
    defer { process.remove() }
    let start = ["train", "--backbone", "./tiny", "--method", "pt", "--set", "length=2"]
    let trained = try process.dept(
      start + [
        "--train", "gen-sentiment", "--train", "tiny/train.jsonl", "--validation",
        "gen-sentiment:validation", "--validation", "tiny/score.jsonl", "--steps", "3",
        "--mixing", "equal", "--output", "out",
      ])
    #expect(trained.code == 0, "\(trained.errors)")
    #expect(trained.output.contains("for 2 tasks"))
    let record = try JSONSerialization.jsonObject(with: Data(process.read("out/run.json").utf8))
    let fields = try #require(record as? [String: Any])
    #expect(fields["tasks"] as? [String] == ["gen-sentiment", "tiny/train.jsonl"])
    let scores = try #require((fields["scores"] as? [String: [String: Double]])?["validation"])
    #expect(scores["gen-sentiment/accuracy"] != nil && scores["mean"] != nil)
    let judge = ["evaluate", "--backbone", "./tiny", "--adapter", "out", "--json", "--data"]
    let judged = try process.dept(judge + ["gen-sentiment:validation"])
    #expect(judged.code == 0, "\(judged.errors)")
    #expect(
      try (judged.json()["scores"] as? [String: Double])?["accuracy"]
        == scores["gen-sentiment/accuracy"])
    let wrong = try process.dept(judge + ["tiny/score.jsonl", "--task", "gen-sentimen"])
    #expect(wrong.code == 2 && wrong.errors.contains("did you mean 'gen-sentiment'?"))
    for usage in [
      ["--train", "gen-sentiment", "--train", "gen-sentiment"],
      ["--train", "gen-sentiment", "--validation", "rte", "--validation", "cb"],
      ["--train", "gen-sentiment", "--mixing", "loudly"],
      ["--train", "gen-sentiment", "--init", "out", "--source", "out"],
      ["--train", "gen-sentiment", "--source", "out", "--source", "out"],
    ] {
      let refused = try process.dept(start + usage + ["--steps", "1", "--output", "other"])
      #expect([2, 65].contains(refused.code), "\(refused.errors)")
      #expect(!refused.errors.isEmpty)
    }
    let counted = try process.dept(
      "params", "--backbone", "t5-base", "--method", "pt", "--tasks", "4", "--json")
    #expect(try counted.json()["trainable"] as? Int == 76_800)
    #expect(try counted.json()["perTask"] as? Double == 19_200)
    #expect(try counted.json()["tasks"] as? Int == 4)
  }

  @Test("what is wrong with one run is one sentence, with its code")
  func faults() throws {
    let process = try DeptProcess()
    defer { process.remove() }
    func train(_ changes: String...) throws -> DeptProcess.Outcome {
      try process.dept(
        ["train", "--backbone", "./tiny", "--method", "pt", "--steps", "2", "--output", "out"]
          + changes)
    }
    func expect(_ outcome: DeptProcess.Outcome, _ code: Int32, _ words: String...) {
      #expect(outcome.code == code, "\(outcome.errors)")
      for part in words { #expect(outcome.errors.contains(part), "\(outcome.errors)") }
      #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
    }
    try process.write(
      "{\"source\": \"a\", \"target\": \"b\"}\n{\"source\": \"a\"\n", to: "bad.jsonl")
    expect(try train("--train", "bad.jsonl"), 65, "bad.jsonl", "2")
    try process.write("{\"source\": \"a\"}\n", to: "short.jsonl")
    expect(try train("--train", "short.jsonl"), 65, "short.jsonl", "target")
    expect(try train("--train", "nowhere.jsonl"), 66, "nowhere.jsonl")
    expect(
      try train("--train", "tiny/train.jsonl", "--set", "lenght=3"), 2, "'lenght'", "'length'")
    expect(try train("--train", "tiny/train.jsonl", "--set", "length=long"), 2, "'length'")
    expect(try train("--train", "tiny/train.jsonl", "--set", "length=0"), 2, "at least 1")
    expect(try train("--train", "sst3"), 65, "sst3", "sst2")
    expect(try train("--train", "rte"), 66, "dept fetch rte")
    expect(
      try train("--train", "tiny/train.jsonl", "--init", "tiny/dept.adapter.safetensors"), 65,
      "encoder.input/prompt")
    expect(
      try train("--train", "tiny/train.jsonl", "--decode", "labels"), 65, "'tiny/train.jsonl'",
      "no labels to choose among")
    func judge(_ changes: String...) throws -> DeptProcess.Outcome {
      try process.dept(["evaluate", "--backbone", "./tiny", "--decode", "labels"] + changes)
    }
    expect(try judge("--data", "tiny/score.jsonl"), 65, "no labels", "--label TEXT")
    expect(try judge("--data", "sst3"), 65, "sst3", "sst2")
    #expect(try judge("--data", "tiny/score.jsonl", "--label", "a", "--label", "b").code == 0)
    for (usage, word) in [
      (["--batch-tokens", "0"], "--batch-tokens"),
      (["--batch-tokens", "9", "--batch-size", "9"], "--batch-size"),
      (["--order", "sorted"], "sorted"), (["--decode", "guess"], "guess"),
    ] {
      let refused = try process.dept(
        [
          "train", "--backbone", "./tiny", "--method", "pt", "--steps", "2", "--output", "out",
          "--train", "tiny/train.jsonl",
        ] + usage)
      #expect(refused.code == 2 && refused.errors.contains(word), "\(refused.errors)")
    }
    for usage in [["--decode", "labels"], ["--label", "a"], ["--beams", "0"]] {
      #expect(try process.dept(["predict", "--backbone", "./tiny"] + usage).code == 2)
    }
    #expect(try judge("--data", "gen-sentiment", "--beams", "2").code == 2)
    let weights = try Data(contentsOf: URL(filePath: "\(DeptProcess.backbone)/model.safetensors"))
    try FileManager.default.createDirectory(
      at: process.folder.appending(path: "cut"), withIntermediateDirectories: true)
    for name in ["config.json", "spiece.model", "tokenizer_config.json"] {
      try FileManager.default.copyItem(
        at: URL(filePath: "\(DeptProcess.backbone)/\(name)"),
        to: process.folder.appending(path: "cut/\(name)"))
    }
    try weights.prefix(weights.count / 2).write(
      to: process.folder.appending(path: "cut/model.safetensors"))
    expect(
      try train("--train", "tiny/train.jsonl", "--backbone", "./cut"), 65, "model.safetensors")
  }

  // MARK: Reading

  private static func golden() throws -> [String: Any] {
    let url = URL(filePath: "\(DeptProcess.backbone)/commands.json")
    return try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any] ?? [:]
  }

  private static func lines(_ text: String) throws -> [[String: Any]] {
    try text.split(separator: "\n").map {
      try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] ?? [:]
    }
  }
}
