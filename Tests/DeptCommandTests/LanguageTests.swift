import Foundation
import Testing

/// Every operation of the language in compiled files, several in one because a compiler is slow.
@Suite(
  .serialized,
  .enabled(if: DeptProcess.isPossible, "dept or the tiny backbone was not built with the tests"))
struct LanguageTests {
  private let process: DeptProcess

  init() throws { process = try DeptProcess() }

  private func plan(_ body: String, others: String = "", members: String = "") throws
    -> DeptProcess.Outcome
  {
    try process.write(
      """
      import Dept
      import Foundation
      \(others)
      @main struct Sweep: Experiment {
        \(members)
        var plan: Plan {
      \(body)
        }
      }
      """, to: "sweep.swift")
    return try process.dept("plan", "sweep.swift", "--json")
  }

  @Test("pairs, conditions, points, ranges, samples, splits, unions and notes plan what they say")
  func everything() throws {
    defer { process.remove() }
    let outcome = try plan(
      """
          Note("# Before")
          for (m, r) in zip([21, 41], [60, 45]) {
            Run(DePT(promptLength: m, rank: r), on: .genEntailment, with: .nano)
          }
          for (rate, rank) in pairs {
            Run(LoRA(rank: rank), on: .genParaphrase, with: .nano).learningRate(rate)
          }
          for (m, k, s) in zip(1...2, stride(from: 8, to: 24, by: 8), [5, 6]) {
            if m > 1 {
              Run(PromptTuning(length: m), on: .genParaphrase, with: .nano).fewShot(k).seeds(s)
            }
          }
          for (rank, rate) in [(2, 1e-2), (8, 3e-3)] {
            Run(LoRA(rank: rank), on: .genSentiment, with: .nano).learningRate(rate)
          }
          for rate in (1e-4...1e-2).logarithmic(3) {
            Run(BitFit(), on: .genSentiment, with: .nano).learningRate(rate)
          }
          Note("Between")
          for method in DePT.splits(
            for: .t5Base, budget: .promptTuning(length: 100), promptLengths: [0, 20, 40, 60, 80])
          { Run(method, on: .genEntailment, with: .nano).priority(2) }
          Samples.random(4, seed: 7) { draw in
            Run(LoRA(rank: draw.integer(10...90)), on: .genEntailment, with: .nano)
              .learningRate(draw.logarithmic(1e-3...0.3))
          }
          Samples.sobol(4, seed: 7) { draw in
            Run(LoRA(rank: draw.choice([3, 5])), on: .genSentiment, with: .nano)
              .dropout(draw.linear(0...0.2))
          }
          Plan { Run(IA3(), on: .genParaphrase, with: .nano).seeds(1...2) }
            + Plan { Run(IA3(), on: .genParaphrase, with: .nano).seeds(2...3) }
          Plan { Run(BitFit(), on: .genParaphrase, with: .nano).learningRate(0.1, 0.2) }
            .evaluate(every: 10)
            .pruned(by: .successiveHalving(factor: 2, from: 10), metric: "accuracy")
            .ordered(.interleaved(by: "dataset"))
          for length in (20...60).linear(3) {
            Run(PromptTuning(length: length), on: .genSentiment, with: .nano)
          }
          Run(PromptTuning(length: 5), on: .genEntailment, with: .nano).fewShot(4, seeds: [1, 2])
          let _ = print("said once")
      """, members: "let pairs = zip([1e-3, 1e-2], [2, 4])")
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.errors.components(separatedBy: "said once").count == 2)
    let plan = try outcome.json()
    let runs = try #require(plan["runs"] as? [[String: Any]])
    try #require(runs.count == 33)
    #expect(plan["notes"] as? [String] == ["# Before", "Between"])
    let order = try #require(plan["order"] as? [String: Any])
    #expect(order["interleaved"] != nil)
    #expect(runs.compactMap { $0["priority"] as? Int } == [2, 2, 2, 2, 2])
    let brackets = runs.compactMap { ($0["bracket"] as? [String: Any])?["id"] as? String }
    #expect(brackets.count == 2 && Set(brackets).count == 1)
    let read = try PlannedRuns(plan)
    try expectValues(of: read)
    // The same numbers on every machine and in every process.
    let again = try process.dept("plan", "sweep.swift", "--json").json()
    #expect(again["runs"] as? NSArray == plan["runs"] as? NSArray)
    // What was written down is the same plan.
    try process.write(outcome.output, to: "later.json")
    let later = try process.dept("plan", "later.json", "--json").json()
    #expect(later["runs"] as? NSArray == plan["runs"] as? NSArray)
    #expect(later["notes"] as? [String] == ["# Before", "Between"])
    #expect(later["order"] as? NSDictionary == plan["order"] as? NSDictionary)
    // For people.
    let text = try process.dept("plan", "sweep.swift").output
    #expect(text.contains("\n  dataset        gen-entailment (13)  gen-paraphrase (8)"), "\(text)")
    #expect(text.contains("\n  seed           1 (30)  6 (1)  2 (1)  3 (1)\n"), "\(text)")
    #expect(text.contains("\none run of each dataset in turn\n"), "\(text)")
    // Another seed draws other samples and leaves the rest as it is.
    try process.write(
      process.read("sweep.swift").replacing("seed: 7", with: "seed: 8"), to: "sweep.swift")
    let other = try PlannedRuns(process.dept("plan", "sweep.swift", "--json").json())
    try #require(other.runs.count == 33)
    for (name, drawn) in [("learningRate", 15..<19), ("dropout", 19..<23)] {
      #expect(
        Set(other.schedule(name, drawn)).isDisjoint(with: read.schedule(name, drawn)), "\(name)")
    }
    let known = Set(read.ids)
    #expect(other.ids.map { !known.contains($0) } == (0..<33).map { (15..<23).contains($0) })
  }

  /// What each part of the plan of `everything` comes to, in its order.
  private func expectValues(of plan: PlannedRuns) throws {
    #expect(plan.hyperparameter("promptLength", 0..<2) == [21, 41])
    #expect(plan.hyperparameter("rank", 0..<2) == [60, 45])
    #expect(plan.schedule("learningRate", 2..<4) == [1e-3, 1e-2])
    #expect(plan.hyperparameter("rank", 2..<4) == [2, 4])
    // Of three axes, what the condition left.
    #expect(plan.hyperparameter("length", 4..<5) == [2])
    #expect(plan.schedule("fewShot", 4..<5) == [16] && plan.seeds(4..<5) == [6])
    #expect(plan.hyperparameter("rank", 5..<7) == [2, 8])
    #expect(plan.schedule("learningRate", 5..<7) == [1e-2, 3e-3])
    #expect(plan.schedule("learningRate", 7..<10) == [1e-4, 1e-3, 1e-2])
    // At equal parameters: (100 - m) * 768 = (256 + 768) * r.
    #expect(plan.hyperparameter("promptLength", 10..<15) == [0, 20, 40, 60, 80])
    #expect(plan.hyperparameter("rank", 10..<15) == [75, 60, 45, 30, 15])
    let ranks = plan.hyperparameter("rank", 15..<19)
    #expect(ranks.count == 4 && ranks.allSatisfy { (10...90).contains($0) }, "\(ranks)")
    let rates = plan.schedule("learningRate", 15..<19)
    #expect(Set(rates).count == 4 && rates.allSatisfy { (1e-3...0.3).contains($0) }, "\(rates)")
    #expect(plan.hyperparameter("rank", 19..<23).sorted() == [3, 3, 5, 5])
    // Four points of a Sobol sequence: one in each quarter of the range.
    let dropouts = plan.schedule("dropout", 19..<23)
    #expect(dropouts.map { Int($0 / 0.05) }.sorted() == [0, 1, 2, 3], "\(dropouts)")
    // What is in both parts of a union is there once.
    #expect(plan.seeds(23..<26) == [1, 2, 3])
    #expect(plan.schedule("evaluateEvery", 26..<28) == [10, 10])
    #expect(plan.hyperparameter("length", 28..<31) == [20, 40, 60])
    #expect(plan.schedule("fewShot", 31..<33) == [4, 4])
    #expect(plan.schedule("fewShotSeed", 31..<33) == [1, 2])

    #expect(
      plan.axes["dataset"] == ["gen-entailment": 13, "gen-paraphrase": 8, "gen-sentiment": 12])
    #expect(plan.axes["method"] == ["dept": 7, "lora": 12, "pt": 6, "bitfit": 5, "ia3": 3])
    #expect(plan.axes["seed"] == ["1": 30, "2": 1, "3": 1, "6": 1])
    #expect(plan.axes["fewShotSeed"] == ["1": 1, "2": 1, "default": 31])
    #expect(plan.axes["promptLength"]?.values.reduce(0, +) == 7)
    #expect(plan.axes["learningRate"]?.values.reduce(0, +) == 33)
    #expect(plan.axes["batchSize"] == nil)
  }

  @Test("mistakes are told all at once, each with its line")
  func mistakes() throws {
    defer { process.remove() }
    let outcome = try plan(
      """
          for (m, r) in zip([20, 40, 60], [60, 45, 30, 15]) {
            Run(DePT(promptLength: m, rank: r), on: .rte, with: .nano)
          }
          for rate in helped() { Run(LoRA(rank: 3), on: .rte, with: .nano).learningRate(rate) }
          for x in (0...0.5).logarithmic(3) { Run(LoRA(), on: .cb, with: .nano).learningRate(x) }
          Plan { Run(LoRA(rank: 5), on: .cb, with: .nano).learningRate(0.1, 0.2) }
            .selecting(.best(on: .validation, metric: "acuracy"), thenSeeds: 1...3)
          Run(LoRA(rank: 6), on: .cb, with: .nano).steps(Int.random(in: 1...1_000_000_000))
      """,
      others:
        "func helped() -> [Double] { zip([0.1, 0.2], stride(from: 1, to: 4, by: 1)).map { $0.0 } }")
    #expect(outcome.code == 65)
    for line in [
      "sweep.swift:7: error: the axes of zip have 3 and 4 values; give all the same number",
      "sweep.swift:3: error: the axes of zip have 2 and 3 values; give all the same number",
      "sweep.swift:11: error: `logarithmic` got the range 0.0...0.5; its bounds have to be "
        + "positive and finite",
      "sweep.swift:13: error: `.selecting`: 'cb' has no metric 'acuracy'; did you mean 'accuracy'?",
      "sweep.swift:14: error: evaluated twice, the plan is not the same: lora on cb, seed 1 became "
        + "another run",
    ] {
      #expect(outcome.errors.contains(line), "\(line)\nis not in\n\(outcome.errors)")
    }
    #expect(outcome.errors.contains("has 5 issues; nothing was run"))
  }

  @Test("runs that start from each other are told with a line")
  func circle() throws {
    defer { process.remove() }
    let outcome = try plan(
      "    first",
      members: """
        var first: Plan {
          Run(PromptTuning(length: 4), on: .genSentiment, with: .nano).after(second)
        }
        var second: Plan {
          Run(PromptTuning(length: 4), on: .genParaphrase, with: .nano).after(first)
        }
        """)
    #expect(outcome.code == 65)
    #if os(Linux)
    let sentences = [6, 9].map {
      "dept: sweep.swift:\($0): the plan refers to itself without end; a run cannot start from one"
    }
    #expect(sentences.contains { outcome.errors.hasPrefix($0) }, "\(outcome.errors)")
    #endif
  }

  @Test("a plan has no network, and a limit of memory")
  func limits() throws {
    defer { process.remove() }
    let outcome = try plan(
      """
          if all > 0 { let _ = Array(repeating: 1, count: all) }
          let _ = print("sockets", opens(AF_INET), opens(AF_INET6), opens(AF_UNIX))
          Run(LoRA(), on: .genSentiment, with: .nano)
      """,
      others: """
        func opens(_ family: Int32) -> Bool {
          #if canImport(Glibc)
          let kind = Int32(SOCK_STREAM.rawValue)
          #else
          let kind = SOCK_STREAM
          #endif
          return socket(family, kind, 0) >= 0
        }
        """, members: "let all = FileManager.default.fileExists(atPath: \"greedy\") ? 1 << 33 : 0")
    #expect(outcome.code == 0, "\(outcome.errors)")
    #if os(Linux)
    #expect(outcome.errors.contains("sockets false false true"))
    try process.write("", to: "greedy")
    let greedy = try process.dept("plan", "sweep.swift")
    #expect(greedy.code == 65)
    #expect(
      greedy.errors.contains(
        "needs more than 4 GiB of memory to describe its plan; it should only describe runs"))
    #endif
  }
}
