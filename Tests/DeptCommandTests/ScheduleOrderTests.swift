import Foundation
import Testing

/// In which order runs are really started, one after the other.
@Suite(
  .serialized,
  .enabled(if: DeptProcess.isPossible, "dept or the tiny backbone was not built with the tests"))
struct ScheduleOrderTests {
  private let process: DeptProcess

  init() throws {
    process = try DeptProcess()
    // Few examples, since runs are repeated for each order.
    let lines = (0..<8).map { #"{"source": "\#($0) is a number", "target": "\#($0 % 2)"}"# }
    let data = process.folder.appending(path: "data")
    try FileManager.default.createDirectory(at: data, withIntermediateDirectories: true)
    for split in ["train", "validation", "test"] {
      try process.write(lines.joined(separator: "\n") + "\n", to: "data/\(split).jsonl")
    }
  }

  /// Repeats everything, and says in which order.
  private func order(_ file: String, _ arguments: String...) throws -> [String] {
    let outcome = try process.dept(["run", file, "--no-report", "--force"] + arguments)
    #expect(outcome.code == 0, "\(outcome.errors)")
    return try process.rows(
      """
      SELECT replace(backbone, './', '') || seed FROM attempt JOIN run ON run.key = attempt.run
      WHERE n = (SELECT max(n) FROM attempt AS other WHERE other.run = attempt.run)
        AND run.key IN (SELECT run FROM experiment_run JOIN experiment ON key = experiment
          WHERE name || '.swift' = '\(file)')
      ORDER BY started_at
      """)
  }

  @Test("is that of backbones, fields, chance or priorities, as was asked for")
  func orders() throws {
    defer { process.remove() }
    func experiment(_ modifier: String) -> String {
      """
      import Dept

      @main struct Order: Experiment {
        private func run(_ backbone: BackboneID, seed: Int) -> Plan {
          Plan { Run(PromptTuning(length: 2), on: "./data", with: backbone) }
            .steps(2).batchSize(2).evaluate(every: 2, limit: 2).seeds(seed)
        }

        var plan: Plan {
          run(.nano, seed: 1)
          run("./tiny", seed: 1)
          run("./tiny", seed: 2)
          run(.nano, seed: 2)
          run("./tiny", seed: 3)
          run(.nano, seed: 3)\(modifier)
        }
      }
      """
    }
    try process.write(experiment(""), to: "plain.swift")
    // A worker takes what its backbone is loaded for.
    let planned = try order("plain.swift")
    #expect(planned == ["nano1", "nano2", "nano3", "tiny1", "tiny2", "tiny3"])
    #expect(
      try order("plain.swift", "--order", "interleaved:backbone")
        == ["nano1", "tiny1", "nano2", "tiny2", "nano3", "tiny3"])
    #expect(
      try order("plain.swift", "--order", "interleaved:seed")
        == ["nano1", "tiny2", "tiny3", "tiny1", "nano2", "nano3"])
    let shuffled = try order("plain.swift", "--order", "shuffled:7")
    #expect(shuffled.sorted() == planned)
    #expect(try order("plain.swift", "--order", "shuffled:7") == shuffled)
    #expect(try order("plain.swift", "--order", "shuffled:8") != shuffled)

    try process.write(experiment(".priority(1)"), to: "urgent.swift")
    #expect(
      try order("urgent.swift") == ["nano3", "nano1", "nano2", "tiny1", "tiny2", "tiny3"])
    #expect(
      try order("urgent.swift", "--order", "interleaved:backbone")
        == ["nano3", "nano1", "tiny1", "nano2", "tiny2", "tiny3"])
  }

  @Test("cheapest-first goes by the tokens that are read until times were measured, then by these")
  func cheapest() throws {
    defer { process.remove() }
    // The run of fewer examples has a prompt that takes far more time.
    try process.write(
      """
      import Dept

      @main struct Costs: Experiment {
        var plan: Plan {
          Run(PromptTuning(length: 2), on: "./data", with: "./tiny")
            .steps(20).batchSize(2).evaluate(every: 20, limit: 2)
          Run(PromptTuning(length: 400), on: "./data", with: .nano)
            .steps(4).batchSize(8).evaluate(every: 4, limit: 2)
        }
      }
      """, to: "costs.swift")
    #expect(try order("costs.swift", "--order", "cheapest-first") == ["nano1", "tiny1"])
    #expect(try order("costs.swift", "--order", "cheapest-first") == ["tiny1", "nano1"])
  }
}
