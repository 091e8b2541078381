import Foundation
import Testing

@Suite(
  .serialized,
  .enabled(if: DeptProcess.isPossible, "dept or the tiny backbone was not built with the tests"))
struct ReproduceTests {
  private let process: DeptProcess

  init() throws { process = try DeptProcess() }

  /// Runs an experiment and gives the ids of its runs.
  private func run(_ experiment: String) throws -> [String] {
    try process.write(experiment, to: "sweep.swift")
    let outcome = try process.dept("run", "sweep.swift")
    #expect(outcome.code == 0, "\(outcome.errors)")
    return try process.runIDs()
  }

  private var scratch: [String] {
    let path = process.folder.appending(path: ".dept/reproduced").path
    return (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
  }

  @Test("a run comes out the same, bit for bit, and leaves the store as it was")
  func equal() throws {
    defer { process.remove() }
    let id = try run(DeptProcess.experiment())[0]
    let before = try process.query("SELECT * FROM v_runs")
    let outcome = try process.dept("reproduce", id)
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.output.hasSuffix("equal bit for bit\n"), "\(outcome.output)")
    #expect(scratch.isEmpty)
    #expect(try process.query("SELECT * FROM v_runs") == before)

    let kept = try process.dept("reproduce", id, "--keep", "--json")
    let verdict = try kept.json()
    #expect(verdict["equal"] as? Bool == true)
    for part in ["points", "scores", "answers", "adapter"] {
      #expect((verdict[part] as? [String: Any])?["state"] as? String == "equal", "\(part)")
    }
    let folder = try #require(verdict["folder"] as? String)
    #expect(FileManager.default.fileExists(atPath: "\(folder)/adapter.safetensors"))
  }

  @Test("answers, adapters and inputs that were changed by hand are noticed")
  func changed() throws {
    defer { process.remove() }
    let id = try run(DeptProcess.experiment())[0]
    let folder = process.folder.appending(path: ".dept/runs/\(id.prefix(12))")
    let answers = folder.appending(path: "predictions.jsonl")
    let lines = try String(contentsOf: answers, encoding: .utf8)
    try Data("{\"changed\":1}\n\(lines)".utf8).write(to: answers)
    let adapter = folder.appending(path: "adapter.safetensors")
    var bytes = try Data(contentsOf: adapter)
    bytes[bytes.count - 1] ^= 1
    try bytes.write(to: adapter)
    let outcome = try process.dept("reproduce", id)
    #expect(outcome.code == 1)
    #expect(outcome.output.contains("line 1 of predictions.jsonl was {\"changed\":1} and is"))
    #expect(outcome.output.contains("] was "))
    #expect(outcome.output.contains("nothing that is recorded differs around the two"))
    #expect(outcome.output.hasSuffix("parted\n"))

    try FileManager.default.removeItem(at: adapter)
    try FileManager.default.removeItem(at: answers)
    let without = try process.dept("reproduce", id)
    #expect(without.code == 0, "\(without.output)")
    #expect(without.output.contains("answers   none kept to compare with"))
  }

  @Test("a method of the experiment's file is compiled from the kept text; hidden inputs part it")
  func ownMethod() throws {
    defer { process.remove() }
    let id = try run(
      """
      import Dept
      import Foundation

      struct Shift: TuningMethod {
        static let name = "shift"
        static let title = "Shift"
        static let reference = Citation("this test")
        var defaultLearningRates: LearningRates { LearningRates(0.01) }
        func adapt(_ backbone: Anatomy, into adaptation: inout Adaptation) {
          let isMarked = FileManager.default.fileExists(atPath: "mark")
          PromptTuning(length: isMarked ? 3 : 2).adapt(backbone, into: &adaptation)
        }
      }

      @main struct Sweep: Experiment {
        var plan: Plan {
          Run(Shift(), on: .genSentiment, with: "./tiny").steps(2).batchSize(2)
            .evaluate(every: 2, limit: 2)
        }
      }
      """)[0]
    // The file is not needed any more.
    try FileManager.default.removeItem(at: process.folder.appending(path: "sweep.swift"))
    let equal = try process.dept("reproduce", id)
    #expect(equal.code == 0, "\(equal.output) \(equal.errors)")

    try process.write("", to: "mark")
    let parted = try process.dept(["reproduce", id, "--json"], environment: ["OMP_TEST": "1"])
    #expect(parted.code == 1)
    let verdict = try parted.json()
    #expect(verdict["equal"] as? Bool == false)
    let curves = try #require(verdict["curves"] as? [[String: Any]])
    let loss = try #require(curves.first { $0["metric"] as? String == "train/loss" })
    #expect(loss["step"] as? Int == 1)
    #expect(loss["first"] as? Double != loss["second"] as? Double)
    let environment = try #require(verdict["environment"] as? [[String: Any]])
    #expect(environment.compactMap { $0["field"] as? String } == ["OMP_TEST"])
  }

  @Test("sources are copied, not repeated; without their adapters nothing is run")
  func sources() throws {
    defer { process.remove() }
    _ = try run(
      """
      import Dept

      @main struct Transfer: Experiment {
        private func run(_ dataset: DatasetID) -> Plan {
          Run(PromptTuning(length: 2), on: dataset, with: "./tiny")
            .steps(2).batchSize(2).evaluate(every: 2, limit: 2)
        }

        var plan: Plan { run(.genEntailment).after(run(.genParaphrase).seeds(9)) }
      }
      """)
    let ids = try process.runIDs()
    let target = try #require(
      try process.query("SELECT id FROM v_runs WHERE seed = 1").split(separator: "\n").last)
    let source = try #require(ids.first { $0 != target })
    let verdict = try process.dept("reproduce", String(target), "--json").json()
    #expect(verdict["equal"] as? Bool == true)
    #expect(verdict["copied"] as? [String] == [source])
    try FileManager.default.removeItem(
      at: process.folder.appending(path: ".dept/runs/\(source.prefix(12))/adapter.safetensors"))
    let without = try process.dept("reproduce", String(target))
    #expect(without.code == 66)
    #expect(without.errors.contains("whose adapter is gone"))
  }

  @Test("what cannot be equal, or is not what it was, is refused before anything is run")
  func refused() throws {
    defer { process.remove() }
    let lines = (0..<40).map { "{\"source\":\"s \($0)\",\"target\":\"t\"}\n" }.joined()
    try process.write(lines, to: "own.jsonl")
    let ids = try run(
      """
      import Dept

      @main struct Sweep: Experiment {
        var plan: Plan {
          Run(LoRA(rank: 2), on: "./own.jsonl", with: "./tiny").steps(2).batchSize(2)
            .evaluate(every: 2, limit: 2)
          Run(LoRA(rank: 2), on: .length(8), with: .random("./tiny")).steps(2).batchSize(2)
            .timing(.training)
        }
      }
      """)
    #expect(try process.dept("reproduce", ids[0]).code == 0)
    let timed = try process.dept("reproduce", ids[1])
    #expect(timed.code == 65)
    #expect(timed.errors.contains("measures time"))
    try process.write(lines + "{\"source\":\"more\",\"target\":\"t\"}\n", to: "own.jsonl")
    let changed = try process.dept("reproduce", ids[0])
    #expect(changed.code == 65)
    #expect(changed.errors.contains("the data of './own.jsonl' is not what run"))
    try FileManager.default.removeItem(at: process.folder.appending(path: "own.jsonl"))
    let gone = try process.dept("reproduce", ids[0])
    #expect(gone.code == 66)
    #expect(gone.errors.contains("the data of './own.jsonl' is not here"))

    try process.write(DeptProcess.experiment(), to: "later.swift")
    #expect(try process.dept("run", "later.swift", "--limit", "1").code == 0)
    let waiting = try #require(
      try process.query("SELECT id FROM v_runs WHERE state = 'queued'").split(separator: "\n").last)
    let early = try process.dept("reproduce", String(waiting))
    #expect(early.code == 65)
    #expect(early.errors.contains("only one that has succeeded can be compared"))
    #expect(scratch.isEmpty)
  }

  @Test("that is interrupted ends with 130 and leaves nothing")
  func interrupted() throws {
    defer { process.remove() }
    let long = DeptProcess.experiment().replacing(".steps(2)", with: ".steps(3000)")
      .replacing("every: 2,", with: "every: 3000,").replacing("1...2", with: "1...1")
    let id = try run(long)[0]
    let folder = process.folder.appending(path: ".dept/reproduced")
    let running = try process.begin("reproduce", id)
    let hasBegun = running.waits {
      let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
      return (files?.allObjects ?? []).contains { ($0 as? URL)?.pathExtension == "journal" }
    }
    #expect(hasBegun)
    running.send(SIGINT)
    let outcome = try running.wait()
    #expect(outcome.code == 130, "\(outcome.output) \(outcome.errors)")
    #expect(scratch.isEmpty)
  }
}
