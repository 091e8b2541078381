import Backbones
import Datasets
import Experiments
import Foundation
import NeuralNetworks
import Testing
import Training
import TuningMethods

@Suite struct PlanCheckingTests {
  private let catalogue = PlanCatalogue.standard

  private func issues(_ plan: Plan) -> [String] {
    RunPlan(plan, knowing: catalogue).issues.map(\.message)
  }

  @Test("a sound plan has no issue and keeps its order and lines")
  func sound() {
    let plan = Run(LoRA(), on: "rte", with: .nano).seeds(3, 1, 2)
    let checked = RunPlan(plan, knowing: catalogue)
    #expect(checked.issues.isEmpty)
    #expect(checked.runs.map(\.spec.seed) == [3, 1, 2])
    #expect(checked.runs.allSatisfy { $0.location?.line == #line - 4 })
  }

  @Test("all issues are found at once, each once per line")
  func allAtOnce() {
    let plan = Plan {
      Run(DePT(promptLength: -2, rank: -1), on: "sst3", with: "nanno").seeds(1...3)
      Run(LoRA(), on: "rte", with: .nano).steps(10, warmup: 20).batchSize(0).learningRate(-1)
    }
    let checked = RunPlan(plan, knowing: catalogue)
    #expect(
      checked.issues.map(\.message) == [
        "there is no data set 'sst3'; did you mean 'sst2', 'sst-2' or 'stsb'?",
        "there is no backbone 'nanno'; did you mean 'nano'?",
        "DePT's promptLength is -2; it has to be at least 0",
        "DePT's rank is -1; it has to be at least 0",
        "`batchSize` is 0; it has to be at least 1",
        "the warm-up of 20 steps is longer than the 10 steps of the run; shorten it",
        "the learning rate -1.0 is not a positive, finite number",
      ])
    let first = checked.issues[0].location?.line ?? 0
    #expect(
      checked.issues.map { $0.location?.line }
        == [first, first, first, first, first + 1, first + 1, first + 1])
  }

  @Test("a method that reads less of a source than the others is an issue")
  func shorterSources() {
    let plan = Run(DePT(promptLength: 2, rank: 2, sourceLength: 10), on: "rte", with: .nano)
    #expect(
      issues(plan) == [
        "dept reads sources of at most 10 tokens, and this run's are cut at 256: set the method's "
          + "sourceLength or .sourceLength(10)"
      ])
    #expect(issues(plan.sourceLength(10)).isEmpty)
  }

  @Test("a method that a backbone cannot take is an issue of the plan, with the backbone's name")
  func misfits() {
    let plan = Plan {
      Run(AdapterDrop(droppedLayers: 5), on: .rte, with: .nano).seeds(1...3)
      Run(HyperDecoder(), on: .rte, with: .random(.gpt2))
      Run(Stacked(LoRA(rank: 2), LoRA(rank: 3)), on: .rte, with: .random(.t5Small))
      // A backbone that is not known without fetching it is looked at when the run starts.
      Run(AdapterDrop(droppedLayers: 90), on: .rte, with: "org/name")
    }
    let found = issues(plan)
    #expect(found.count == 5, "\(found)")
    #expect(found.first?.hasPrefix("nano: AdapterDrop drops the first 5 layers") == true)
    #expect(found.contains { $0.contains("gpt2:random") && $0.contains("encoder") })
    #expect(found.contains { $0.contains("encoder.0.query/lora.a") && $0.contains("[512, 3]") })
    #expect(found.contains { $0.contains("70 more") })
  }

  @Test("what is timed needs a step to warm up, and random weights an architecture")
  func timing() {
    #expect(issues(Run(LoRA(), on: .length(8), with: .random(.t5Large)).timing(.training)).isEmpty)
    let plan = Plan {
      Run(LoRA(), on: .length(8), with: .random("t5-bsae")).timing(.training).steps(1)
      Run(LoRA(), on: .length(0), with: "t5-base:rnadom").timing(.inference)
    }
    #expect(
      issues(plan) == [
        "there is no backbone 't5-bsae'; did you mean 't5-base'?",
        "a run that is timed needs at least 2 steps, because the first warms up",
        "there is no data set 'length-0'; did you mean 'length-256' or 'length-sst2'?",
        "there is no backbone 't5-base:rnadom'; did you mean 't5-base:random'?",
      ])
  }

  /// A method that no catalogue has.
  private struct Own: TuningMethod {
    static let name = "own"
    static let title = "Own"
    static let reference = Citation("none")
    var defaultLearningRates: LearningRates { LearningRates(0.01) }
    func adapt(_ backbone: Anatomy, into adaptation: inout Adaptation) {}
  }

  /// A method that takes the name of another.
  private struct Impostor: TuningMethod {
    static let name = "ft"
    static let title = "Impostor"
    static let reference = Citation("none")
    var defaultLearningRates: LearningRates { LearningRates(0.01) }
    func adapt(_ backbone: Anatomy, into adaptation: inout Adaptation) {}
  }

  @Test("a method of the file's own is marked as such, and may not take a name of the catalogue")
  func ownMethods() {
    let own = RunPlan(Run(Own(), on: "rte", with: .nano), knowing: catalogue)
    #expect(own.issues.isEmpty)
    #expect(own.runs[0].spec.method.source == MethodDescription.thisFile)
    let known = RunPlan(Run(FullFineTuning(), on: "rte", with: .nano), knowing: catalogue)
    #expect(known.runs[0].spec.method.source == nil)
    let taken = issues(Run(Impostor(), on: "rte", with: .nano))
    #expect(taken.count == 1 && taken[0].hasPrefix("'ft' is a method of the catalogue"))
  }

  @Test("a stack with a method of the file's own depends on the file, and one of the catalogue not")
  func stackedOwn() throws {
    struct Own: TuningMethod {
      static let name = "own"
      static let title = "Own"
      static let reference = Citation("here")
      var defaultLearningRates: LearningRates { LearningRates(1) }
      func adapt(_ backbone: Anatomy, into adaptation: inout Adaptation) {}
    }
    #expect(try MethodDescription(Stacked(LoRA(), Own())).source == MethodDescription.thisFile)
    #expect(try MethodDescription(Stacked(LoRA(), BitFit())).source == nil)
    let plan = Run(Stacked(LoRA(rank: 2), BitFit()), on: .rte, with: .nano)
    #expect(issues(plan).isEmpty, "\(issues(plan))")
  }

  @Test("paths and `org/name` are accepted beside names; a path has to exist")
  func paths() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data("{}".utf8).write(to: folder.appending(path: "own.jsonl"))
    func issues(_ dataset: DatasetID, _ backbone: String) -> [String] {
      RunPlan(Run(LoRA(), on: dataset, with: .init(rawValue: backbone)), knowing: catalogue)
        .issues.map(\.message)
    }
    let own = DatasetID(rawValue: folder.appending(path: "own.jsonl").path)
    #expect(issues(own, "google/t5-v1_1-small").isEmpty)
    #expect(issues(own, folder.path).isEmpty)
    let none = issues("./no/such.jsonl", "./none")
    #expect(none.count == 2)
    #expect(none[0].contains("no/such.jsonl does not exist"))
    #expect(none[1] == "there is no backbone directory at './none'; check the path")
  }

  @Test("a run planned twice is an issue that names the first line")
  func duplicates() {
    let plan = Plan {
      Run(LoRA(), on: "rte", with: .nano).seeds(1...2)
      Run(LoRA(), on: "rte", with: .nano).seeds(2...3)
    }
    let first = #line - 3
    #expect(
      issues(plan) == [
        "lora on rte with nano, seed 2, is already planned at line \(first); drop one of the two"
      ])
    #expect(
      issues(Run(LoRA(), on: "rte", with: .nano).seeds(1, 1)) == [
        "lora on rte with nano, seed 1, is planned more than once; drop the repeated value or loop"
      ])
  }

  @Test("a budget below the longest example, and more parts than examples, are no mistakes")
  func budgets() {
    let run = Run(LoRA(), on: "rte", with: .nano)
    #expect(issues(run.batchTokens(1, accumulation: 64)).isEmpty)
    #expect(issues(run.order(.bucketed).batchTokens(4096)).isEmpty)
  }

  @Test("labels are asked for only where a data set has some")
  func labels() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "own.jsonl").path
    try Data("{}".utf8).write(to: URL(filePath: path))
    let own = Run(LoRA(), on: DatasetID(rawValue: path), with: .nano)
    #expect(issues(own).isEmpty)
    #expect(
      issues(own.decoding(.labels)) == [
        "'\(path)' has no labels to choose among: its answers are free text; leave "
          + "`.decoding(.labels)` out"
      ])
    #expect(issues(Run(LoRA(), on: "rte", with: .nano).decoding(.labels)).isEmpty)
  }

  @Test("an empty plan and an empty axis are issues, not silence")
  func empty() {
    #expect(issues(Plan()) == ["the plan has no runs; list at least one"])
    #expect(
      issues(Run(LoRA(), on: "rte", with: .nano).seeds([Int]()))
        == ["`.seeds` got no value; give it at least one"])
  }

  @Test("numbers that JSON cannot hold are issues, and their runs are left out")
  func notFinite() throws {
    let plan = Plan {
      Run(LoRA(), on: "rte", with: .nano).learningRate(.nan)
      Run(LoRA(alpha: .infinity), on: "rte", with: .nano)
      Run(LoRA(), on: "rte", with: .nano)
    }
    let checked = RunPlan(plan, knowing: catalogue)
    #expect(checked.runs.count == 2)
    #expect(checked.issues.count == 2)
    #expect(try JSONDecoder().decode(RunPlan.self, from: JSONEncoder().encode(checked)) == checked)
  }

  @Test("a plan read from a file is checked alike")
  func file() throws {
    let written = RunPlan(Run(LoRA(), on: "rtee", with: .nano), knowing: catalogue)
    let read = RunPlan(runs: written.runs).checked(knowing: catalogue)
    #expect(read.issues.map(\.message) == ["there is no data set 'rtee'; did you mean 'rte'?"])
    #expect(RunPlan(runs: []).checked(knowing: catalogue).issues.count == 1)
  }

  @Test(
    "ranges are checked",
    arguments: [
      (Run(LoRA(), on: "rte", with: .nano).steps(0), "`steps` is 0; it has to be at least 1"),
      (
        Run(LoRA(), on: "rte", with: .nano).batchSize(4, accumulation: 8),
        "a batch of 4 examples cannot be cut into 8 parts"
      ),
      (
        Run(LoRA(), on: "rte", with: .nano).batchTokens(0),
        "`batchTokens` is 0; it has to be at least 1"
      ),
      (
        Run(LoRA(), on: "rte", with: .nano).dropout(1),
        "the dropout 1.0 is not a probability below 1"
      ),
      (Run(LoRA(), on: "rte", with: .nano).fewShot(0), "`fewShot` is 0; it has to be at least 1"),
      (
        Run(LoRA(), on: "rte", with: .nano).seeds(-4),
        "the seed -4 is negative; seeds count from 0"
      ),
      (
        Run(LoRA(), on: "rte", with: .nano).evaluate(every: -1),
        "`evaluate(every:)` is -1; it cannot be negative"
      ),
      (
        Run(LoRA(), on: "rte", with: .nano).sourceLength(0),
        "`sourceLength` is 0; it has to be at least 1"
      ),
    ] as [(Plan, String)])
  func ranges(plan: Plan, message: String) {
    #expect(issues(plan) == [message])
  }
}

@Suite struct NearestNameTests {
  @Test(
    "a slip of the fingers is understood, another word is not",
    arguments: [
      ("ret", "rte"), ("RTE", "rte"), ("sst-2", "sst2"), ("gensentiment", "gen-sentiment"),
      ("imagenet", nil), ("", nil),
    ] as [(String, String?)])
  func nearest(name: String, expected: String?) {
    #expect(NearestName.of(name, in: ["rte", "sst2", "cb", "gen-sentiment"]) == expected)
  }
}
