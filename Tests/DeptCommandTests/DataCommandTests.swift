import Foundation
import Testing

/// The commands about data, used as from a shell.
@Suite(
  .enabled(if: DeptProcess.isPossible, "dept or the tiny backbone was not built with the tests"))
struct DataCommandTests {
  private static let reviews = """
    text,stars,id
    "good, ""really"" good",up,1
    bad,down,2
    "two
    lines",up,3

    """

  @Test("the README's table of data sets is what dept prints")
  func readme() throws {
    let process = try DeptProcess()
    defer { process.remove() }
    let outcome = try process.dept("datasets", "--markdown")
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(
      try DeptProcess.readme().contains(outcome.output),
      "paste the output of 'dept datasets --markdown' into the README's section on data")
  }

  @Test("own CSV is worded by a template over its columns, with words for its labels")
  func ownTable() throws {
    let process = try DeptProcess()
    defer { process.remove() }
    try process.write(Self.reviews, to: "reviews.csv")
    let outcome = try process.dept(
      "data", "show", "./reviews.csv", "--template", "review {id}: {text}", "--target-column",
      "stars", "--label-words", "up=great,down=terrible", "--limit", "0", "--json")
    #expect(outcome.code == 0, "\(outcome.errors)")
    let shown = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [[String: Any]])
    let all = try ["validation", "test"].reduce(into: shown) { all, split in
      let other = try process.dept(
        "data", "show", "./reviews.csv", "--template", "review {id}: {text}", "--target-column",
        "stars", "--label-words", "up=great,down=terrible", "--split", split, "--json")
      let more = try JSONSerialization.jsonObject(with: Data(other.output.utf8))
      all += more as? [[String: Any]] ?? []
    }
    #expect(
      Set(all.compactMap { $0["source"] as? String }) == [
        "review 1: good, \"really\" good", "review 2: bad", "review 3: two\nlines",
      ])
    #expect(all.compactMap { $0["target"] as? String }.sorted() == ["great", "great", "terrible"])
  }

  @Test(
    "what cannot be prepared is one sentence",
    arguments: [
      (["gen-sentiment", "--template", "{x}"], Int32(2), "takes no template"),
      (["gen-sentiment", "--label-words", "a,b,c"], 2, "has 2 classes"),
      (["gen-sentiment", "--label-words", "a,a"], 2, "both be written 'a'"),
      (["gen-sentiment", "--target-column", "y"], 2, "own data only"),
      (["rte", "--template", "{sentence1"], 2, "has a '{' without"),
      (["rte", "--template", "{premise}"], 2, "it has {sentence1}, {sentence2}"),
      (["./reviews.csv"], 65, "source"),
      (["./reviews.csv", "--template", "{txt}", "--target-column", "stars"], 65, "txt"),
      (["./none.csv"], 66, "does not exist"),
      (["rte"], 66, "dept fetch rte"),
    ])
  func mistakes(arguments: [String], code: Int32, words: String) throws {
    let process = try DeptProcess()
    defer { process.remove() }
    try process.write(Self.reviews, to: "reviews.csv")
    let outcome = try process.dept(["data", "show"] + arguments)
    #expect(outcome.code == code, "\(outcome.errors)")
    #expect(outcome.errors.contains(words), "\(outcome.errors)")
    #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
    #expect(outcome.output.isEmpty)
  }

  @Test("ids are kept, found again, and made again when they are damaged or the words change")
  func prepare() throws {
    let process = try DeptProcess()
    defer { process.remove() }
    func prepare(_ more: String...) throws -> [String: Any] {
      let outcome = try process.dept(
        [
          "data", "prepare", "gen-entailment", "--backbone", "nano", "--source-length", "20",
          "--json",
        ] + more)
      #expect(outcome.code == 0, "\(outcome.errors)")
      return try outcome.json()
    }
    func train(_ answer: [String: Any]) throws -> [String: Any] {
      try #require((answer["splits"] as? [String: [String: Any]])?["train"])
    }
    let first = try train(prepare())
    #expect(first["examples"] as? Int == 4_000)
    let cut = try #require(first["cut"] as? Int)
    #expect(cut > 0 && cut < 4_000)
    let file = URL(filePath: try #require(first["file"] as? String))
    let bytes = try Data(contentsOf: file)
    #expect(try train(prepare())["tokens"] as? Int == first["tokens"] as? Int)
    try bytes.prefix(1_000).write(to: file)
    #expect(try train(prepare())["tokens"] as? Int == first["tokens"] as? Int)
    #expect(try Data(contentsOf: file) == bytes)
    let worded = try train(prepare("--label-words", "yes,maybe,no"))
    #expect(worded["file"] as? String != first["file"] as? String)
  }

  @Test("answers are written with how well each did; their mean is the score")
  func outcomes() throws {
    let process = try DeptProcess()
    defer { process.remove() }
    try process.write(
      """
      {"prediction": "a", "references": ["a"], "group": 1}
      {"prediction": "b", "references": ["c"], "group": "1"}
      {"prediction": "d", "references": ["d"], "group": 2}

      """, to: "answers.jsonl")
    let outcome = try process.dept(
      "metric", "multirc-em", "--input", "answers.jsonl", "--outcomes", "each.jsonl", "--json")
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(try outcome.json()["score"] as? Double == 0.5)
    let each = try process.read("each.jsonl").split(separator: "\n")
    #expect(each == [#"{"outcome":0}"#, #"{"outcome":0}"#, #"{"outcome":1}"#])
    let refused = try process.dept(
      "metric", "pearson", "--input", "answers.jsonl", "--outcomes", "each.jsonl")
    #expect(refused.code == 2)
    let captions = try process.dept(
      "metric", "bleu-4", "--pretokenized", "--input", "answers.jsonl", "--json")
    #expect(captions.code == 0, "\(captions.errors)")
  }

  @Test("a training in label words keeps its answers in the data set's own")
  func training() throws {
    let process = try DeptProcess()
    defer { process.remove() }
    try process.write(
      """
      import Dept

      @main struct Words: Experiment {
        var plan: Plan {
          Run(PromptTuning(length: 4), on: .genSentiment, with: .nano)
            .steps(2).batchSize(2).evaluate(every: 2, limit: 4).sourceLength(12)
            .labelWords("bad", "good").decoding(.labels).truncation(.start)
        }
      }
      """, to: "words.swift")
    let outcome = try process.dept("run", "words.swift", "--json")
    #expect(outcome.code == 0, "\(outcome.errors)")
    let listed = try process.dept("runs", "list", "--json")
    let runs = try #require(
      try JSONSerialization.jsonObject(with: Data(listed.output.utf8)) as? [[String: Any]])
    let id = try #require(runs.first?["id"] as? String)
    let folders = try FileManager.default.contentsOfDirectory(
      atPath: process.folder.appending(path: ".dept/runs").path)
    let folder = try #require(folders.first { $0.hasPrefix(id.prefix(8)) })
    let lines = try process.read(".dept/runs/\(folder)/predictions.jsonl").split(separator: "\n")
    #expect(lines.count == 512)
    #expect(
      lines.allSatisfy { $0.contains(#""prediction":"0""#) || $0.contains(#""prediction":"1""#) })
    #expect(lines[0].contains(#""outcomes":{"accuracy":"#))
    let cut = try process.query(
      "SELECT count(*) AS n FROM v_metrics WHERE metric = 'train/cut-sources'")
    #expect(cut.split(separator: "\n").last == "1", "\(cut)")
  }

  @Test("an adapter is judged on examples worded and cut as it was trained on")
  func reading() throws {
    let process = try DeptProcess()
    defer { process.remove() }
    let trained = try process.dept(
      "train", "--backbone", "nano", "--method", "pt", "--set", "length=4", "--train",
      "gen-entailment", "--label-words", "yes,maybe,no", "--source-length", "10", "--truncate",
      "start", "--decode", "labels", "--steps", "3", "--batch-size", "4", "--output", "run")
    #expect(trained.code == 0, "\(trained.errors)")
    #expect(
      trained.errors.contains("training sources are longer than 10 tokens and lose their start"))
    #expect(try process.read("run/run.json").contains(#""maybe""#))
    func accuracy(_ more: String...) throws -> Double {
      let outcome = try process.dept(
        [
          "evaluate", "--backbone", "nano", "--adapter", "run", "--data", "gen-entailment",
          "--decode", "labels", "--json",
        ] + more)
      #expect(outcome.code == 0, "\(outcome.errors)")
      return try #require((try outcome.json()["scores"] as? [String: Double])?["accuracy"])
    }
    let same = try accuracy()
    let printed = "test accuracy \((1_000_000 * same).rounded() / 10_000)"
    #expect(trained.output.contains(printed.prefix(17)), "\(trained.output), \(same)")
    #expect(
      try accuracy(
        "--label-words", "yes,maybe,no", "--source-length", "10", "--truncate", "start") == same)
    #expect(try process.read("run/predictions.jsonl").split(separator: "\n").count == 512)
    for path in ["none/such.jsonl", "run"] {
      let refused = try process.dept(
        "evaluate", "--backbone", "nano", "--adapter", "run", "--data", "gen-entailment",
        "--output", path)
      #expect(refused.code == 65 && refused.output.isEmpty, "\(refused.errors)")
    }
  }

  @Test("label words that a vocabulary cannot tell apart are refused before anything is trained")
  func indistinct() throws {
    let process = try DeptProcess()
    defer { process.remove() }
    let outcome = try process.dept(
      "train", "--backbone", "nano", "--method", "pt", "--train", "gen-sentiment",
      "--label-words", "\u{1F600},\u{1F601}", "--steps", "1", "--output", "run")
    #expect(outcome.code == 65, "\(outcome.errors)")
    #expect(outcome.errors.contains("are the same to this backbone's vocabulary"))
  }
}
